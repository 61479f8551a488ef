import { phrase, verbatim } from '../../../shared/errors/phrases/phrase.ts';
import type {
  FileObjectDefinition,
  ModelDefinition,
  NetworkDefinition,
  VolumeDefinition,
} from '../definition.ts';
import { invalid, type Located } from '../located.ts';
import { type Codec, type Fields, listOf, mapOf, struct } from './codec.ts';
import { flag, flagAsSaid, options, text, textMap, texts, whole } from './scalar-codecs.ts';

const NETWORK: Fields<NetworkDefinition> = {
  name: text,
  driver: text,
  driver_opts: options,
  ipam: struct<NetworkDefinition['ipam']>(
    {
      driver: text,
      config: listOf(
        struct<NonNullable<NetworkDefinition['ipam']['config']>[number]>({
          subnet: text,
          gateway: text,
          ip_range: text,
          aux_addresses: mapOf(text),
        }),
      ),
    },
    { absent: {}, ignored: ['options'] },
  ),
  external: flag,
  internal: flag,
  attachable: flag,
  labels: textMap,
  enable_ipv4: flagAsSaid,
  enable_ipv6: flagAsSaid,
};
export const network = struct(NETWORK, { nullable: true });

const VOLUME: Fields<VolumeDefinition> = {
  name: text,
  driver: text,
  driver_opts: options,
  external: flag,
  labels: textMap,
};
const plainVolume = struct(VOLUME, { nullable: true });
export const volume: Codec<VolumeDefinition> = {
  read: (node) => {
    const definition = plainVolume.read(node);
    if (definition?.external !== true || node.kind !== 'map') return definition;
    for (const [key, value] of node.entries)
      if (!['name', 'external'].includes(key) && !key.startsWith('x-'))
        throw invalid(value.at, phrase('nothing_beside_external'), verbatim(key));
    return definition;
  },
};

type SecretFields = Omit<FileObjectDefinition, 'content'>;
const SECRET: Fields<SecretFields> = {
  name: text,
  file: text,
  environment: text,
  external: flag,
  labels: textMap,
  driver: text,
  driver_opts: options,
  template_driver: text,
};
const CONFIG: Fields<Omit<FileObjectDefinition, 'driver' | 'driver_opts'>> = {
  name: text,
  file: text,
  environment: text,
  content: text,
  external: flag,
  labels: textMap,
  template_driver: text,
};

export const secret: Codec<FileObjectDefinition> = withOneSource(struct(SECRET), ['file', 'environment']);
export const config: Codec<FileObjectDefinition> = withOneSource(struct(CONFIG), [
  'file',
  'environment',
  'content',
]);

function withOneSource(
  codec: Codec<FileObjectDefinition>,
  sources: readonly string[],
): Codec<FileObjectDefinition> {
  return {
    read: (node: Located) => {
      const definition = codec.read(node);
      const has = (key: string) => node.kind === 'map' && node.entries.has(key);
      const given = sources.filter(has);
      if (given.length > 1)
        throw invalid(
          node.at,
          phrase('either_of', { values: sources.join(', ') }),
          phrase('one_and_other', { one: given.slice(0, -1).join(', '), other: given.at(-1) ?? '' }),
        );
      if (given.length === 0 && !has('driver') && !has('external'))
        throw invalid(node.at, phrase('either_of', { values: sources.join(', ') }), phrase('none_of_them'));
      return definition;
    },
  };
}

const MODEL: Fields<ModelDefinition> = {
  name: text,
  model: text,
  context_size: whole,
  runtime_flags: texts,
};
export const model = struct(MODEL, { required: ['model'] });
