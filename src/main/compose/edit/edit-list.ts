import type { Node, YAMLSeq } from 'yaml';
import { isAlias, isScalar } from 'yaml';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import { type EditDocument, refuse } from './edit-document.ts';
import { addFlowItem, removeFlowItem, replaceNode } from './edit-map.ts';
import { flowScalar } from './new-node.ts';
import { scalarText } from './scalar-text.ts';
import { contentEnd, deleteLines, insertLines, lineStart, type Splice } from './splice.ts';

/** One step of turning a list into another; indices are those of the list as it is, steps go from its end to its start. */
export type ListStep =
  | { readonly kind: 'replace'; readonly index: number; readonly text: string }
  | { readonly kind: 'remove'; readonly index: number }
  | { readonly kind: 'insert'; readonly index: number; readonly text: string };

/** The fewest steps from one list to another; what both have is not touched. */
export function listSteps(from: readonly string[], to: readonly string[]): ListStep[] {
  const steps: ListStep[] = [];
  const flush = (at: number, removed: readonly number[], added: readonly string[]) => {
    const both = Math.min(removed.length, added.length);
    for (const text of added.slice(both).reverse()) steps.push({ kind: 'insert', index: at, text });
    for (const [position, index] of [...removed.entries()].reverse()) {
      const text = added[position];
      if (position < both && text !== undefined) steps.push({ kind: 'replace', index, text });
      else steps.push({ kind: 'remove', index });
    }
  };
  const common = commonItems(from, to);
  let [i, j] = [from.length, to.length];
  for (const [a, b] of [...common.reverse(), [-1, -1] as const]) {
    flush(i, range(a + 1, i), to.slice(b + 1, j));
    [i, j] = [a, b];
  }
  return steps;
}

export function editList(doc: EditDocument, seq: YAMLSeq, step: ListStep, path: string): Splice {
  const items = seq.items as (Node | null)[];
  const item = items[step.kind === 'insert' ? Math.max(0, step.index - 1) : step.index] ?? null;
  if (step.kind === 'replace' && item !== null && (isScalar(item) || isAlias(item)))
    return replaceNode(doc, item, step.text, seq.flow === true);
  if (seq.flow === true) {
    if (step.kind === 'remove') return removeFlowItem(doc, seq, step.index);
    const text = flowScalar('text' in step ? step.text : '', doc.style, jsonItems(items));
    if (step.kind === 'insert') return addFlowItem(doc, seq, step.index, text);
    const [start = 0, end = 0] = item?.range ?? [];
    return { start, end, text };
  }
  const dash = dashOf(doc, item, path);
  if (step.kind === 'remove') return deleteLines(doc.text, dash.end, contentEnd(doc.text, item));
  if (step.kind === 'replace') {
    const text = scalarText(step.text, { quote: doc.style.quote, inFlow: false });
    return { start: dash.end, end: contentEnd(doc.text, item), text };
  }
  const line = dash.prefix + scalarText(step.text, { quote: doc.style.quote, inFlow: false });
  if (step.index > 0) return insertLines(doc.text, contentEnd(doc.text, item), [line], doc.style.eol);
  const start = lineStart(doc.text, dash.end);
  return { start, end: start, text: line + doc.style.eol };
}

/** `  - ` before an item, and where it ends. */
function dashOf(doc: EditDocument, item: Node | null, path: string): { prefix: string; end: number } {
  const start = item?.range?.[0] ?? 0;
  const before = doc.text.slice(lineStart(doc.text, start), start);
  const match = /^( *-[ \t]+)(?:[&!]\S*[ \t]+)*$/.exec(before);
  if (match?.[1] === undefined) throw refuse(doc, item, path, phrase('edit_same_line'));
  return { prefix: match[1], end: start - before.length + match[1].length };
}

function jsonItems(items: readonly (Node | null)[]): boolean {
  return items.length > 0 && items.every((item) => isScalar(item) && item.type === 'QUOTE_DOUBLE');
}

/** Pairs of indices of a longest common subsequence. */
function commonItems(from: readonly string[], to: readonly string[]): (readonly [number, number])[] {
  const lengths = Array.from({ length: from.length + 1 }, () => new Array<number>(to.length + 1).fill(0));
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = from.length - 1; i >= 0; i -= 1)
    for (let j = to.length - 1; j >= 0; j -= 1) {
      const row = lengths[i];
      if (row !== undefined)
        row[j] = from[i] === to[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  const pairs: (readonly [number, number])[] = [];
  for (let [i, j] = [0, 0]; i < from.length && j < to.length; ) {
    if (from[i] === to[j]) {
      pairs.push([i, j]);
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}

function range(start: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - start) }, (_, index) => start + index);
}
