import { isMap, isPair, isScalar, isSeq, type Node, type Pair } from 'yaml';

/** Replaces `start`–`end` of a text. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** @param splices in any order; must not overlap. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  let result = text;
  for (const { start, end, text: replacement } of [...splices].sort(
    // Where one only inserts, what is taken away behind it goes first.
    (a, b) => b.start - a.start || b.end - a.end,
  ))
    result = result.slice(0, start) + replacement + result.slice(end);
  return result;
}

/** Where the last character of a value stands; comments and blank lines behind it are not its own. */
export function contentEnd(text: string, node: Node | Pair | null): number {
  if (node === null) return 0;
  if (isPair<Node | null, Node | null>(node)) {
    const value = node.value;
    const empty = value === null || (isScalar(value) && value.range?.[0] === value.range?.[1]);
    return empty ? indicatorEnd(node) : contentEnd(text, value);
  }
  if ((isMap(node) || isSeq(node)) && node.flow !== true) {
    const last = node.items.at(-1);
    if (last !== undefined) return contentEnd(text, last as Node | Pair);
  }
  const [start = 0, end = 0] = (node as Node).range ?? [];
  if (isScalar(node) && node.type?.startsWith('BLOCK') === true)
    return start + blockScalar(text.slice(start, end)).length;
  return end;
}

/** Behind the colon of `key:`, its anchor and its tag. */
export function indicatorEnd(pair: Pair): number {
  const separators = pair.srcToken?.sep ?? [];
  const last = separators.findLast(
    ({ type }) => type === 'map-value-ind' || type === 'anchor' || type === 'tag',
  );
  if (last !== undefined) return last.offset + last.source.length;
  return isScalar(pair.key) ? (pair.key.range?.[1] ?? 0) : 0;
}

/** True for `key` of a flow map, which has no colon at all. */
export function hasColon(pair: Pair): boolean {
  return pair.srcToken?.sep?.some(({ type }) => type === 'map-value-ind') === true;
}

export function lineStart(text: string, offset: number): number {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return start === 0 && text.startsWith('\uFEFF') ? 1 : start;
}

/** Behind the line break, or the end of the text. */
export function lineEnd(text: string, offset: number): number {
  // The end of a block scalar is the start of the next line.
  if (offset > 0 && text[offset - 1] === '\n') return offset;
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end + 1;
}

/** Whole lines behind `offset`'s line; a text without a final line break stays one. */
export function insertLines(text: string, offset: number, lines: readonly string[], eol: string): Splice {
  const at = lineEnd(text, offset);
  const open = at > 0 && text[at - 1] !== '\n' && !(at === 1 && text.startsWith('\uFEFF'));
  const body = lines.join(eol);
  return { start: at, end: at, text: open ? eol + body : body + eol };
}

/** The lines from `start`'s to `end`'s. */
export function deleteLines(text: string, start: number, end: number): Splice {
  const [from, to] = [lineStart(text, start), lineEnd(text, end)];
  if (to < text.length || text.endsWith('\n')) return { start: from, end: to, text: '' };
  // Without a final line break the one before goes, so that there is none again.
  const before = text.slice(0, from).replace(/\r?\n$/, '').length;
  return { start: before, end: to, text: '' };
}

/** A block scalar without the blank lines behind it, which are its own only with `+`. */
function blockScalar(source: string): string {
  return /^[|>][-\d]*\+/.test(source) ? source : source.replace(/(\r?\n)(?:[ \t]*\r?\n)*[ \t]*$/, '$1');
}
