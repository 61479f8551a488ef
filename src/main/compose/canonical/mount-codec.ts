import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import type { MountDefinition, PortDefinition } from '../definition.ts';
import { describeFound, invalid } from '../located.ts';
import { type Codec, type Fields, oneOf, scalarOf, struct } from './codec.ts';
import { flag, text, textMap, textOrNumber, wholeBytes, wholeOf } from './scalar-codecs.ts';

const mode: Codec<number> = {
  read: (node) => {
    const { value } = scalarOf(node, phrase('mode', { example: '0755' }));
    if (typeof value !== 'number')
      throw invalid(node.at, phrase('mode', { example: '0755' }), describeFound(node));
    return Math.trunc(value) || undefined;
  },
};

const MOUNT: Fields<MountDefinition> = {
  type: oneOf('bind', 'volume', 'tmpfs', 'npipe', 'cluster', 'image'),
  source: text,
  target: text,
  read_only: flag,
  consistency: text,
  bind: struct<NonNullable<MountDefinition['bind']>>({
    selinux: oneOf('z', 'Z'),
    propagation: text,
    create_host_path: flag,
    recursive: oneOf('enabled', 'disabled', 'writable', 'readonly'),
  }),
  volume: struct<NonNullable<MountDefinition['volume']>>({ labels: textMap, nocopy: flag, subpath: text }),
  tmpfs: struct<NonNullable<MountDefinition['tmpfs']>>({ size: wholeBytes, mode }),
  image: struct<NonNullable<MountDefinition['image']>>({ subpath: text }),
};
const plainMount = struct(MOUNT, { required: ['type'] });
export const mount: Codec<MountDefinition> = {
  read: (node) => {
    const definition = plainMount.read(node);
    if (definition?.target === undefined) throw invalid(node.at, phrase('target'), phrase('none'));
    if (definition.type === 'bind' && definition.source === undefined)
      throw invalid(node.at, phrase('source'), phrase('none'));
    return definition;
  },
};

const published: Codec<string> = {
  read: (node) => {
    if (node.kind === 'scalar' && typeof node.value === 'number') wholeOf(node, phrase('port'));
    return textOrNumber.read(node) || undefined;
  },
};

const PORT: Fields<PortDefinition> = {
  name: text,
  mode: { read: text.read, absent: 'ingress' },
  host_ip: text,
  target: { read: (node) => wholeOf(node, phrase('port')) || undefined },
  published,
  protocol: { read: text.read, absent: 'tcp' },
  app_protocol: text,
};
export const port = struct(PORT, { required: ['target'] });
