import type { JsonObject } from './json.ts';

/** A symbol, which JSON leaves out: a WeakMap costs more for a chunk than to write it anew. */
const RAW = Symbol('raw text');

interface Raw {
  readonly text: string;
  /** A copy with other fields (`{ ...chunk, more }`) has this, too, but is not what the text says. */
  readonly owner: JsonObject;
}

/** Notes the JSON text that an object was read from, so that it is not written anew while nobody replaces the object. */
export function withRawText(value: JsonObject, text: string): JsonObject {
  (value as { [RAW]?: Raw })[RAW] = { text, owner: value };
  return value;
}

/** An object's JSON in one line; the text it was read from, if that is known. Objects are replaced, never changed. */
export function toJsonText(value: JsonObject): string {
  const raw = (value as { [RAW]?: Raw })[RAW];
  return raw?.owner === value ? raw.text : JSON.stringify(value);
}
