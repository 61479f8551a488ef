import { type Phrase, phrase, verbatim } from '../../../shared/errors/phrases/phrase.ts';
import { describeFound, invalid, type Located, type LocatedScalar, unknownKey } from '../located.ts';
import { compareKeys } from './byte-order.ts';

/**
 * How one value of the tree becomes its canonical form. Undefined: it is left out, as Go leaves out what is zero.
 *
 * @throws AppError with the place, when something else stands there.
 */
export interface Codec<T> {
  readonly read: (node: Located) => T | undefined;
  /** What a struct has when its file has nothing, or nothing but zero. */
  readonly absent?: T;
}

/** One entry for each key, in the order of Go's struct: that is the order in which the values are printed and hashed. */
export type Fields<T> = { readonly [K in keyof T]-?: Codec<Exclude<T[K], undefined>> };

interface StructOptions<T> {
  /** What the canonical form has when all is zero or absent. */
  readonly absent?: T;
  readonly required?: readonly string[];
  /** Known, and not part of the canonical form. */
  readonly ignored?: readonly string[];
  readonly nullable?: boolean;
  /** Go structs without a place for `x-*`. */
  readonly strict?: boolean;
}

export function struct<T extends object>(fields: Fields<T>, options: StructOptions<T> = {}): Codec<T> {
  const codecs = Object.entries<Codec<unknown>>(fields);
  const known = [...Object.keys(fields), ...(options.ignored ?? [])];
  const read = (node: Located): T | undefined => {
    if (options.nullable === true && isNull(node)) return undefined;
    if (node.kind !== 'map') throw invalid(node.at, phrase('map'), describeFound(node));
    for (const [key, value] of node.entries)
      if (!known.includes(key) && (options.strict === true || !key.startsWith('x-')))
        throw unknownKey(value.at, key, known);
    for (const key of options.required ?? [])
      if (!node.entries.has(key))
        throw invalid(node.at, phrase('key', { key: `"${key}"` }), phrase('no_such_key'));
    const result: Record<string, unknown> = {};
    for (const [key, codec] of codecs) {
      const child = node.entries.get(key);
      const value = child === undefined ? codec.absent : readOrAbsent(codec, child);
      if (value !== undefined) result[key] = value;
    }
    // Each value came from the codec that T names for its key.
    return result as T;
  };
  return options.absent === undefined ? { read } : { read, absent: options.absent };
}

/** A map with names that the file chooses, sorted as Go sorts them; an empty one is left out. */
export function mapOf<T>(codec: Codec<T>, names?: RegExp): Codec<Readonly<Record<string, T>>> {
  return {
    read: (node) => {
      if (node.kind !== 'map') throw invalid(node.at, phrase('map'), describeFound(node));
      const entries: [string, T][] = [];
      for (const [key, value] of node.entries) {
        if (names?.test(key) === false) throw invalid(value.at, phrase('name_of_letters'), verbatim(key));
        const read = readOrAbsent(codec, value);
        if (read !== undefined) entries.push([key, read]);
      }
      if (entries.length === 0) return undefined;
      return Object.fromEntries(entries.sort(([a], [b]) => compareKeys(a, b)));
    },
  };
}

/** An empty list is left out. */
export function listOf<T>(codec: Codec<T>): Codec<readonly T[]> {
  return {
    read: (node) => {
      const items = itemsOf(node).flatMap((item) => {
        const read = readOrAbsent(codec, item);
        return read === undefined ? [] : [read];
      });
      return items.length === 0 ? undefined : items;
    },
  };
}

/** A struct behind a pointer: an entry without a value is null, and is printed. */
export function orNull<T>(codec: Codec<T>): Codec<T | null> {
  return { read: (node) => (isNull(node) ? null : codec.read(node)) };
}

export function oneOf<T extends string>(...allowed: readonly T[]): Codec<T> {
  return {
    read: (node) => {
      const found = allowed.find((value) => node.kind === 'scalar' && value === node.value);
      if (found === undefined)
        throw invalid(node.at, phrase('either_of', { values: allowed.join(', ') }), describeFound(node));
      return found;
    },
  };
}

export function itemsOf(node: Located): readonly Located[] {
  if (node.kind !== 'list') throw invalid(node.at, phrase('list'), describeFound(node));
  return node.items;
}

export function scalarOf(node: Located, expected: Phrase): LocatedScalar {
  if (node.kind !== 'scalar' || node.value === null) throw invalid(node.at, expected, describeFound(node));
  return node;
}

export function isNull(node: Located): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/** Null is a value: an entry that is there without one. */
function readOrAbsent<T>(codec: Codec<T>, node: Located): T | undefined {
  const value = codec.read(node);
  return value === undefined ? codec.absent : value;
}
