/**
 * JSON as Go's `encoding/json` writes it, which is what Compose hashes: `<`, `>`, `&` and the two line separators
 * escaped. Keys stay in the order of the object.
 */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
