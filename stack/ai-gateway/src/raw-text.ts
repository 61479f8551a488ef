import type { JsonObject } from './json.ts';

const TEXTS = new WeakMap<JsonObject, string>();

/** Notes the JSON text that an object was read from, so that it is not written anew while nobody replaces the object. */
export function withRawText(value: JsonObject, text: string): JsonObject {
  TEXTS.set(value, text);
  return value;
}

/** An object's JSON in one line; the text it was read from, if that is known. Objects are replaced, never changed. */
export function toJsonText(value: JsonObject): string {
  return TEXTS.get(value) ?? JSON.stringify(value);
}
