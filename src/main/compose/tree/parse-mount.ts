import { type Phrase, phrase, verbatim } from '../../../shared/errors/phrases/phrase.ts';
import { invalid, type Located, type LocatedMap, type LocatedScalar } from '../located.ts';
import { flagAt, mapAt, textAt } from './nodes.ts';

/** `source:target:options` taken apart; Compose does not ask on which system it will run. */
export interface MountSpec {
  readonly type: 'bind' | 'volume';
  readonly source?: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly noCopy: boolean;
  readonly propagation?: string;
  readonly selinux?: string;
}

const PROPAGATIONS = new Set(['rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave']);
const DRIVE = /^\p{L}$/u;

/** Source: `format/volume.go` of compose-go. */
export function parseMount(node: LocatedScalar): MountSpec {
  const spec = String(node.value);
  const expected: Phrase = phrase('mount');
  if (spec === '') throw invalid(node.at, expected, phrase('empty_text'));
  const none = { readOnly: false, noCopy: false };
  if (utf8Length(spec) <= 2) return { type: 'volume', target: spec, ...none };
  const [first = '', second, options, ...more] = sections(spec);
  if (first === '' || second === '' || options === '' || more.length > 0)
    throw invalid(node.at, expected, verbatim(JSON.stringify(spec.slice(0, 80))));
  if (second === undefined) return { type: 'volume', target: first, ...none };
  return {
    type: isFilePath(first) ? 'bind' : 'volume',
    source: first,
    target: second,
    ...readOptions(options ?? ''),
  };
}

/** The long form of a mount in the short one. */
export function expandMount(node: Located): Located {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return node;
  const { at } = node;
  const mount = parseMount(node);
  const text = (value: string | undefined) => (value === undefined ? undefined : textAt(at, value));
  const yes = (value: boolean) => (value ? flagAt(at, true) : undefined);
  const isBind = mount.type === 'bind';
  const bind: LocatedMap | undefined =
    isBind || mount.propagation !== undefined || mount.selinux !== undefined
      ? mapAt(at, {
          selinux: text(mount.selinux),
          propagation: text(mount.propagation),
          create_host_path: yes(isBind),
        })
      : undefined;
  // As in Compose: what is too short to have a source gets no options either.
  const isVolume = !isBind && utf8Length(node.value) > 2;
  return mapAt(at, {
    type: textAt(at, mount.type),
    source: text(mount.source),
    target: textAt(at, mount.target),
    read_only: yes(mount.readOnly),
    bind,
    volume: isVolume || mount.noCopy ? mapAt(at, { nocopy: yes(mount.noCopy) }) : undefined,
  });
}

/** Split at colons, but for that after the letter of a drive. */
function sections(spec: string): readonly string[] {
  const found: string[] = [];
  let rest = '';
  for (const part of spec.split(':')) {
    if (rest === '' && DRIVE.test(part)) rest = part;
    else {
      found.push(rest === '' ? part : `${rest}:${part}`);
      rest = '';
    }
  }
  if (rest !== '') found.push(rest);
  return found;
}

function readOptions(options: string): Omit<MountSpec, 'type' | 'source' | 'target'> {
  const words = options.split(',');
  const access = words.findLast((word) => word === 'ro' || word === 'rw');
  const propagation = words.findLast((word) => PROPAGATIONS.has(word));
  const selinux = words.findLast((word) => word === 'z' || word === 'Z');
  return {
    readOnly: access === 'ro',
    noCopy: words.includes('nocopy'),
    ...(propagation === undefined ? {} : { propagation }),
    ...(selinux === undefined ? {} : { selinux }),
  };
}

function isFilePath(source: string): boolean {
  return /^([./~]|\\\\)/.test(source) || /^\p{L}:/u.test(source);
}

function utf8Length(text: string): number {
  let length = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}
