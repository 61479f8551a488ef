import { isJsonObject, type JsonObject } from '../../../json.ts';

/* What a JSON schema may say, as far as grammars can hold it. */

/** llama.cpp counts to 2000, two rules at a time. */
const MAX_COUNT = 1000;
export const FORMATS = new Set(['date-time', 'time', 'date']);
/** They say nothing about which values are right. */
export const ANNOTATIONS = new Set(
  '$schema $id $comment title description default examples deprecated readOnly writeOnly strict $anchor'.split(
    ' ',
  ),
);
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
export const UNWRITABLE = /[\0-\x08\v\f\x0e-\x1f]/;
export const SCALARS = ['string', 'number', 'integer', 'boolean', 'null'];
export const TYPES = [...SCALARS, 'object', 'array'];

/** Keywords that speak of one type only. */
export const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  object: ['properties', 'required', 'additionalProperties', 'minProperties', 'maxProperties'],
  array: ['items', 'prefixItems', 'minItems', 'maxItems'],
  string: ['format', 'minLength', 'maxLength'],
};

export function guessType(schema: JsonObject): string | undefined {
  return Object.keys(KEYWORDS).find((type) =>
    KEYWORDS[type]?.some((keyword) => schema[keyword] !== undefined),
  );
}

export function asObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

export function pick(from: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));
}

export function omit(from: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(from).filter(([name]) => !names.includes(name)));
}

/**
 * The least and the most of something, as far as the grammar counts to them, and otherwise left over.
 *
 * @param written so many are written anyhow
 */
export function counted(
  least: readonly [string, unknown],
  most: readonly [string, unknown],
  written = 0,
): { held: JsonObject; left: JsonObject } {
  const given = [least, most].filter(([, bound]) => bound !== undefined);
  const [min, max] = [least[1] ?? 0, most[1] ?? MAX_COUNT];
  // Of bounds that contradict each other node-llama-cpp keeps to one and complains of the other when the answer is there.
  const isPossible = isCount(min) && isCount(max) && max >= min && max >= written;
  return isPossible
    ? { held: Object.fromEntries(given), left: {} }
    : { held: {}, left: Object.fromEntries(given) };
}

function isCount(bound: unknown): bound is number {
  return typeof bound === 'number' && Number.isInteger(bound) && bound >= 0 && bound <= MAX_COUNT;
}

export function printed(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 100);
}

/** Whether both say something under one keyword that decides which values are right. */
export function haveInCommon(one: JsonObject, other: JsonObject): boolean {
  return Object.keys(one).some((keyword) => Object.hasOwn(other, keyword) && !ANNOTATIONS.has(keyword));
}
