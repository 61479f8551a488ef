import { isAlias, isMap, isScalar, type Node, type YAMLMap } from 'yaml';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import { type EditDocument, refuse, wrongKind } from './edit-document.ts';
import { columnOf, firstKeyOffset } from './file-style.ts';
import { isNothing, isUnwritten, type MapPair, type PathStep, type Walk } from './find-pair.ts';
import { blockBody, blockPair, flowNode, flowPair, type NewNode, nested } from './new-node.ts';
import { type ScalarValue, scalarText } from './scalar-text.ts';
import {
  contentEnd,
  deleteLines,
  hasColon,
  indicatorEnd,
  insertLines,
  lineStart,
  type Splice,
} from './splice.ts';

/** Writes a value where the walk found none. */
export function addAt(
  doc: EditDocument,
  missing: Extract<Walk, { kind: 'missing' }>,
  value: NewNode,
): Splice[] {
  const [key = '', ...rest] = missing.rest;
  const node = nested(rest, value);
  if (missing.map !== undefined) return [addPair(doc, missing.map, key, node)];
  const parent = missing.steps.at(-1);
  if (parent !== undefined) return giveValue(doc, parent, { kind: 'map', entries: [[key, node]] });
  return [insertLines(doc.text, doc.text.length, blockPair(key, node, '', doc.style), doc.style.eol)];
}

/** Puts a value in place of the one that a key has; a scalar keeps its place, its quotes and its comment. */
export function replaceValue(doc: EditDocument, step: PathStep, value: NewNode, path: string): Splice[] {
  const old = step.pair.value;
  if (value.kind !== 'scalar') {
    if (isNothing(old) || isAlias(old)) return giveValue(doc, step, value);
    throw wrongKind(doc, old, path, phrase(value.kind));
  }
  if (!isNothing(old) && !isAlias(old) && !isScalar(old)) throw wrongKind(doc, old, path, phrase('scalar'));
  if (value.value === null) return [removeScalar(doc, step)];
  if (isUnwritten(old)) return giveValue(doc, step, value);
  return [replaceNode(doc, old as Node, value.value, step.map.flow === true)];
}

/** Puts another scalar (or, for an alias, a scalar of its own) in place of a node that is written. */
export function replaceNode(doc: EditDocument, node: Node, value: ScalarValue, inFlow: boolean): Splice {
  const [start = 0, end = 0] = node.range ?? [];
  const text = scalarText(value, {
    ...(isScalar(node) ? { existing: node } : {}),
    quote: doc.style.quote,
    inFlow,
  });
  // A block scalar's last line break is part of it.
  const tail = /\r?\n$/.exec(doc.text.slice(start, end))?.[0] ?? '';
  return { start, end, text: text + tail };
}

/** Takes a key away, and its parents below the service with it when they hold nothing else. */
export function removePair(doc: EditDocument, steps: readonly PathStep[], path: string): Splice[] {
  const step = steps.at(-1);
  if (step === undefined) return [];
  const { map, pair } = step;
  const parent = steps.at(-2);
  if (map.items.length === 1 && parent !== undefined) {
    // `services.web` stays, as does what a JSON file has in braces.
    if (steps.length > 3) return removePair(doc, steps.slice(0, -1), path);
    if (map.flow !== true) {
      const at = indicatorEnd(parent.pair);
      return [{ start: at, end: at, text: ' {}' }, pairLines(doc, pair, path)];
    }
  }
  return [map.flow === true ? removeFlowItem(doc, map, map.items.indexOf(pair)) : pairLines(doc, pair, path)];
}

/** Takes an item out of `{…}` or `[…]` together with one comma. */
export function removeFlowItem(
  doc: EditDocument,
  flow: { items: unknown[]; range?: Node['range'] },
  index: number,
): Splice {
  const items = flow.items as (Node | MapPair)[];
  const [item, before, after] = [items[index], items[index - 1], items[index + 1]];
  const [start = 0, end = 0] = flow.range ?? [];
  if (item !== undefined && after !== undefined)
    return { start: startOf(item), end: startOf(after), text: '' };
  if (item !== undefined && before !== undefined)
    return { start: contentEnd(doc.text, before), end: contentEnd(doc.text, item), text: '' };
  return { start: start + 1, end: end - 1, text: '' };
}

/** Adds a written item to `{…}` or `[…]`, on a line of its own where the others have one. */
export function addFlowItem(
  doc: EditDocument,
  flow: { items: unknown[]; range?: Node['range'] },
  index: number,
  text: string,
): Splice {
  const items = flow.items as (Node | MapPair)[];
  const [open = 0, close = 0] = flow.range ?? [];
  const [before, first] = [items[index - 1], items[0]];
  if (first === undefined) {
    const padded = doc.text[open] === '{' ? ` ${text} ` : text;
    return { start: open + 1, end: close - 1, text: padded };
  }
  const lead = doc.text.slice(open + 1, startOf(first));
  const gap = lead.includes('\n')
    ? lead.slice(lead.lastIndexOf('\n', lead.length) - (lead.includes('\r\n') ? 1 : 0))
    : ' ';
  if (before === undefined) return { start: startOf(first), end: startOf(first), text: `${text},${gap}` };
  const at = contentEnd(doc.text, before);
  return { start: at, end: at, text: `,${gap}${text}` };
}

function addPair(doc: EditDocument, map: YAMLMap, key: string, node: NewNode): Splice {
  if (map.flow === true) {
    const json = quotedKeys(map) ?? quotedKeys(doc.document.contents) ?? false;
    return addFlowItem(doc, map, map.items.length, flowPair(key, node, doc.style, json));
  }
  const offset = firstKeyOffset(map) ?? 0;
  const indent = ' '.repeat(columnOf(doc.text, offset));
  const end = contentEnd(doc.text, map);
  return insertLines(doc.text, end, blockPair(key, node, indent, doc.style), doc.style.eol);
}

/** A value for `key:`, `key: null` or `key: *alias`. */
function giveValue(doc: EditDocument, { map, pair }: PathStep, value: NewNode): Splice[] {
  const inFlow = map.flow === true;
  const at = indicatorEnd(pair);
  const [start = at, end = at] = isUnwritten(pair.value) ? [] : (pair.value?.range ?? []);
  if (inFlow || value.kind === 'scalar') {
    const text = flowOrScalar(doc, value, inFlow, map);
    if (start < end) return [{ start, end, text }];
    return [{ start: at, end: at, text: hasColon(pair) ? ` ${text}` : `: ${text}` }];
  }
  const key = isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0;
  const body = blockBody(value, ' '.repeat(columnOf(doc.text, key)), doc.style);
  const lines = insertLines(doc.text, Math.max(at, end), body, doc.style.eol);
  return start < end ? [{ start: at, end, text: '' }, lines] : [lines];
}

function flowOrScalar(doc: EditDocument, value: NewNode, inFlow: boolean, map: YAMLMap): string {
  if (inFlow) return flowNode(value, doc.style, quotedKeys(map) ?? false);
  if (value.kind !== 'scalar' || value.value === null) return 'null';
  return scalarText(value.value, { quote: doc.style.quote, inFlow });
}

/** `key: value` → `key:`; in braces `key: null`. */
function removeScalar(doc: EditDocument, { map, pair }: PathStep): Splice {
  const [start = 0, end = 0] = pair.value?.range ?? [];
  if (map.flow === true) return { start, end, text: 'null' };
  const tail = /\r?\n$/.exec(doc.text.slice(start, end))?.[0].length ?? 0;
  return { start: indicatorEnd(pair), end: end - tail, text: '' };
}

function pairLines(doc: EditDocument, pair: MapPair, path: string): Splice {
  const start = startOf(pair);
  if (doc.text.slice(lineStart(doc.text, start), start).trim() !== '')
    throw refuse(doc, pair.key, path, phrase('edit_same_line'));
  return deleteLines(doc.text, start, contentEnd(doc.text, pair));
}

function startOf(node: Node | MapPair): number {
  return ('key' in node ? (node as MapPair).key?.range?.[0] : (node as Node).range?.[0]) ?? 0;
}

function quotedKeys(map: Node | null): boolean | undefined {
  const key = isMap(map) ? map.items[0]?.key : undefined;
  return isScalar(key) ? key.type === 'QUOTE_DOUBLE' : undefined;
}
