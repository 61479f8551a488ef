import { isAlias, isMap, isSeq, type Node, type YAMLSeq } from 'yaml';
import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import { type EditDocument, wrongKind } from './edit-document.ts';
import { editList } from './edit-list.ts';
import { addAt, removePair, replaceValue } from './edit-map.ts';
import { effectiveValue, merged, resolved, underAlias, walk } from './find-pair.ts';
import type { NewNode } from './new-node.ts';
import { scalarOf, splitVariable } from './read-service-form.ts';
import type { Splice } from './splice.ts';

/** No line breaks or other controls, no blanks, no equals sign: neither form could hold them. */
const NAME = /^[^\s=\p{Cc}]+$/u;

type Spliced = (doc: EditDocument, splices: readonly Splice[]) => EditDocument;

/** Sets or removes one variable, in a map or a list, whichever the file has. @param value undefined removes. */
export function editEnvironment(
  doc: EditDocument,
  path: readonly string[],
  name: string,
  value: string | null | undefined,
  spliced: Spliced,
): EditDocument {
  if (!NAME.test(name))
    throw new AppError('invalid_input', 'The name of a variable holds no blanks and no equals sign.');
  const here = path.join('.');
  const found = walk(doc, path);
  const step = found.kind === 'found' ? found.steps.at(-1) : undefined;
  const node = step?.pair.value ?? null;
  if (isAlias(node)) throw underAlias(doc, node, here);
  if (isSeq(node)) return editVariables(doc, path, name, value, spliced);
  if (found.kind === 'found' && step !== undefined && node !== null && !isMap(node)) {
    if (scalarOf(node) !== undefined) throw wrongKind(doc, node, here, phrase('list_or_map'));
    if (value === undefined) return doc;
    return spliced(doc, replaceValue(doc, step, newEnvironment(doc, name, value), here));
  }
  if (found.kind === 'missing') {
    // An environment of its own would put all of the merged one away.
    if (found.map !== undefined && found.rest.length === 1 && effectiveValue(doc, found.map, 'environment'))
      throw merged(doc, found.map, here);
    return value === undefined ? doc : spliced(doc, addAt(doc, found, newEnvironment(doc, name, value)));
  }
  const entry = walk(doc, [...path, name]);
  if (entry.kind === 'missing') {
    if (value !== undefined) return spliced(doc, addAt(doc, entry, { kind: 'scalar', value }));
    throw isMap(node) ? merged(doc, node, `${here}.${name}`) : wrongKind(doc, node, here, phrase('map'));
  }
  if (value === undefined) return spliced(doc, removePair(doc, entry.steps, `${here}.${name}`));
  const last = entry.steps.at(-1);
  return last === undefined
    ? doc
    : spliced(doc, replaceValue(doc, last, { kind: 'scalar', value }, `${here}.${name}`));
}

/** The same in a list of `NAME=value`; of a name that stands there twice the last counts. */
function editVariables(
  start: EditDocument,
  path: readonly string[],
  name: string,
  value: string | null | undefined,
  spliced: Spliced,
): EditDocument {
  const here = path.join('.');
  let doc = start;
  for (;;) {
    const found = walk(doc, path);
    const seq = found.kind === 'found' ? found.steps.at(-1)?.pair.value : undefined;
    if (found.kind !== 'found' || !isSeq(seq)) return doc;
    const names = variableNames(doc, seq);
    const index = names.lastIndexOf(name);
    if (value !== undefined) {
      const text = value === null ? name : `${name}=${value}`;
      const step =
        index === -1
          ? ({ kind: 'insert', index: seq.items.length, text } as const)
          : ({ kind: 'replace', index, text } as const);
      return spliced(doc, [editList(doc, seq, step, here)]);
    }
    if (index === -1) return doc;
    doc = spliced(
      doc,
      names.length === 1
        ? removePair(doc, found.steps, here)
        : [editList(doc, seq, { kind: 'remove', index }, here)],
    );
  }
}

function variableNames(doc: EditDocument, seq: YAMLSeq): string[] {
  return (seq.items as (Node | null)[]).map(
    (item) => splitVariable(scalarOf(resolved(doc, item)) ?? '').name,
  );
}

function newEnvironment(doc: EditDocument, name: string, value: string | null): NewNode {
  if (doc.style.environment === 'list')
    return { kind: 'list', items: [value === null ? name : `${name}=${value}`] };
  return { kind: 'map', entries: [[name, { kind: 'scalar', value }]] };
}
