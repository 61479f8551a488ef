import { type Phrase, phrase, verbatim } from '../../shared/errors/phrases/phrase.ts';
import { describeFound, invalid, type Located, type LocatedMap, type Place, unknownKey } from './located.ts';
import { parseDuration } from './quantities.ts';
import { splitShellWords } from './shell-words.ts';

/** Reads the keys of one map; every key that nobody asked for is refused. `x-*` are comments. */
export class MapReader {
  readonly at: Place;
  readonly #entries: ReadonlyMap<string, Located>;

  constructor(node: Located, known: readonly string[], what: Phrase = phrase('map')) {
    this.at = node.at;
    if (node.kind === 'scalar' && node.value === null) {
      this.#entries = new Map();
      return;
    }
    this.#entries = asMap(node, what).entries;
    for (const [key, value] of this.#entries)
      if (!known.includes(key) && !key.startsWith('x-')) throw unknownKey(value.at, key, known);
  }

  /** Absent and `key:` without a value are the same. */
  get(key: string): Located | undefined {
    const node = this.#entries.get(key);
    return node === undefined || (node.kind === 'scalar' && node.value === null) ? undefined : node;
  }

  /** With those that have no value. */
  raw(key: string): Located | undefined {
    return this.#entries.get(key);
  }

  /** The field for an object literal: absent stays absent. */
  optional<K extends string, T>(
    field: K,
    key: string,
    read: (node: Located) => T,
  ): { readonly [P in K]?: T } {
    const node = this.get(key);
    return node === undefined ? {} : ({ [field]: read(node) } as { readonly [P in K]?: T });
  }

  or<T>(key: string, fallback: T, read: (node: Located) => T): T {
    const node = this.get(key);
    return node === undefined ? fallback : read(node);
  }

  required<T>(key: string, expected: Phrase, read: (node: Located) => T): T {
    const node = this.get(key);
    if (node === undefined)
      throw invalid(this.at, phrase('key_with', { key, what: expected }), phrase('no_such_key'));
    return read(node);
  }
}

export function asMap(node: Located, what: Phrase = phrase('map')): LocatedMap {
  if (node.kind !== 'map') throw invalid(node.at, what, describeFound(node));
  return node;
}

export function asText(node: Located): string {
  if (node.kind !== 'scalar' || node.value === null)
    throw invalid(node.at, phrase('text'), describeFound(node));
  return node.text;
}

export function asWhole(node: Located): number {
  const text = node.kind === 'scalar' ? node.text : '';
  if (!/^-?\d{1,15}$/.test(text)) throw invalid(node.at, phrase('whole_number'), describeFound(node));
  return Number(text);
}

export function asDuration(node: Located): number {
  const milliseconds = node.kind === 'scalar' ? parseDuration(node.text) : undefined;
  if (milliseconds === undefined) throw invalid(node.at, phrase('duration'), describeFound(node));
  return milliseconds;
}

export function asTexts(node: Located): readonly string[] {
  if (node.kind !== 'list') throw invalid(node.at, phrase('list'), describeFound(node));
  return node.items.map(asText);
}

/** A command: a list of words, or a line split as a shell does. */
export function asWords(node: Located): readonly string[] {
  if (node.kind === 'list') return asTexts(node);
  const words = splitShellWords(asText(node));
  if (words === undefined) throw invalid(node.at, phrase('command_closed'), describeFound(node));
  return words;
}

/** `NAME: value` where a missing value is filled by `unset`, or left out. */
export function asNamedTexts(
  node: Located,
  unset: (name: string) => string | undefined = () => '',
): Readonly<Record<string, string>> {
  const entries = [...asMap(node, verbatim('NAME: value')).entries].flatMap(
    ([name, value]): [string, string][] => {
      if (name === '') throw invalid(value.at, phrase('name'), phrase('nothing'));
      if (value.kind !== 'scalar') throw invalid(value.at, phrase('text'), describeFound(value));
      const text = value.value === null ? unset(name) : value.text;
      return text === undefined ? [] : [[name, text]];
    },
  );
  return Object.fromEntries(entries);
}

export function oneOf<T extends string>(node: Located, allowed: readonly T[]): T {
  const text = asText(node);
  const found = allowed.find((value) => value === text);
  if (found === undefined)
    throw invalid(node.at, phrase('either_of', { values: allowed.join(', ') }), describeFound(node));
  return found;
}
