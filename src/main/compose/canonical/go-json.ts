import { compareKeys } from './byte-order.ts';

/**
 * JSON as Go's `encoding/json` writes it, which is what Compose hashes: `<`, `>`, `&` and the two line separators
 * escaped. Keys stay in the order of the object.
 *
 * @param indent spaces for each level, as `MarshalIndent` does; none: all on one line.
 */
export function goJson(value: unknown, indent = 0): string {
  return write(value, indent, '\n').replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function write(value: unknown, indent: number, line: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const inner = `${line}${' '.repeat(indent)}`;
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((item) => write(item, indent, inner))
    : entriesOf(value).map(
        ([key, item]) => `${JSON.stringify(key)}:${indent > 0 ? ' ' : ''}${write(item, indent, inner)}`,
      );
  const [open, close] = isList ? '[]' : '{}';
  if (parts.length === 0) return `${open}${close}`;
  return indent > 0
    ? `${open}${inner}${parts.join(`,${inner}`)}${line}${close}`
    : `${open}${parts.join()}${close}`;
}

function entriesOf(value: object): readonly [string, unknown][] {
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  // JavaScript moves keys such as "10" to the front; only maps have them, and Go sorts those.
  const moved = /^\d+$/.test(entries[0]?.[0] ?? '');
  return moved ? entries.sort(([a], [b]) => compareKeys(a, b)) : entries;
}
