import { isMap, isSeq } from 'yaml';
import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import type { ServiceFormChange } from '../../../shared/stack/stack-contract.ts';
import { type EditDocument, parseForEdit, refuse } from './edit-document.ts';
import { editEnvironment } from './edit-environment.ts';
import { editList, listSteps } from './edit-list.ts';
import { addAt, removePair, replaceValue } from './edit-map.ts';
import { effectiveValue, isNothing, merged, walk } from './find-pair.ts';
import {
  FIELD_PATHS,
  portTexts,
  readForm,
  type ScalarField,
  type ServiceFormValues,
} from './read-service-form.ts';
import { sameElsewhere, sameForm } from './same-elsewhere.ts';
import type { ScalarValue } from './scalar-text.ts';
import { applySplices, type Splice } from './splice.ts';

/**
 * The text with the changes made, and not a byte else changed: comments, order, quotes, line breaks stay.
 *
 * What cannot be changed without changing something else (behind an alias, out of a merge) is refused and nothing is written.
 *
 * @throws AppError `compose.invalid` (the file does not parse), `compose.unsupported` (with the place), `invalid_input`.
 */
export function applyServiceForm(
  text: string,
  service: string,
  changes: readonly ServiceFormChange[],
  file = 'compose.yaml',
): string {
  const before = parseForEdit(text, file);
  let doc = before;
  let form = readForm(before, service);
  for (const change of changes) {
    const wanted = withChange(form, change);
    if (!sameForm(wanted, form)) doc = applyChange(doc, service, form, change);
    form = readForm(doc, service);
    if (!sameForm(form, wanted)) throw cannot(before, service);
  }
  // The splices are careful; this is the promise.
  if (doc !== before && !sameElsewhere(before, doc, service)) throw cannot(before, service);
  return doc.text;
}

function applyChange(
  doc: EditDocument,
  service: string,
  form: ServiceFormValues,
  change: ServiceFormChange,
): EditDocument {
  const path = ['services', service];
  switch (change.field) {
    case 'ports':
      return editPorts(doc, [...path, 'ports'], change.value);
    case 'environment':
      return editEnvironment(doc, [...path, 'environment'], change.name, change.value, spliced);
    case 'replicas':
    case 'image':
    case 'restart':
    case 'cpus':
    case 'memory':
      return editScalar(doc, path, change.field, change.value, form);
  }
}

function editScalar(
  start: EditDocument,
  service: readonly string[],
  field: ScalarField,
  value: ScalarValue | undefined,
  form: ServiceFormValues,
): EditDocument {
  let doc = start;
  let written = false;
  for (const place of FIELD_PATHS[field]) {
    const path = [...service, ...place];
    const found = isPresent(doc, path) ? walk(doc, path) : undefined;
    if (found?.kind !== 'found') continue;
    written = true;
    doc = spliced(
      doc,
      value === undefined
        ? removePair(doc, found.steps, path.join('.'))
        : replaceValue(doc, lastOf(found.steps), { kind: 'scalar', value }, path.join('.')),
    );
  }
  if (written) return doc;
  const path = [...service, ...FIELD_PATHS[field][0]];
  const missing = walk(doc, path);
  if (missing.kind === 'found' || (value === undefined && form[field] === undefined)) return doc;
  if (value === undefined) throw inherited(doc, service, path);
  return spliced(doc, addAt(doc, missing, { kind: 'scalar', value }));
}

function editPorts(start: EditDocument, path: readonly string[], ports: readonly string[]): EditDocument {
  const found = walk(start, path);
  if (found.kind === 'missing') {
    if (ports.length === 0) throw inherited(start, path.slice(0, 2), path);
    return spliced(start, addAt(start, found, { kind: 'list', items: ports }));
  }
  const step = lastOf(found.steps);
  const value = step.pair.value;
  if (ports.length === 0) return spliced(start, removePair(start, found.steps, path.join('.')));
  if (!isSeq(value) || value.items.length === 0)
    return isSeq(value)
      ? portByPort(start, path, ports)
      : spliced(start, replaceValue(start, step, { kind: 'list', items: ports }, path.join('.')));
  return portByPort(start, path, ports);
}

function portByPort(start: EditDocument, path: readonly string[], ports: readonly string[]): EditDocument {
  const list = (doc: EditDocument) => {
    const found = walk(doc, path);
    const value = found.kind === 'found' ? lastOf(found.steps).pair.value : null;
    return isSeq(value) ? value : undefined;
  };
  let doc = start;
  for (const step of listSteps(portTexts(doc, list(doc) ?? null), ports)) {
    const seq = list(doc);
    if (seq === undefined) break;
    doc = spliced(doc, [editList(doc, seq, step, path.join('.'))]);
  }
  return doc;
}

/** A key that the file writes itself, not one that comes out of a merge. */
function isPresent(doc: EditDocument, path: readonly string[]): boolean {
  let node = doc.document.contents;
  for (const key of path) {
    if (!isMap(node)) return false;
    node = effectiveValue(doc, node, key) ?? null;
  }
  return !isNothing(node) || walk(doc, path).kind === 'found';
}

function inherited(doc: EditDocument, service: readonly string[], path: readonly string[]): Error {
  const found = walk(doc, service);
  const value = found.kind === 'found' ? lastOf(found.steps).pair.value : null;
  if (isMap(value)) return merged(doc, value, path.join('.'));
  return refuse(doc, value, path.join('.'), phrase('edit_not_written'));
}

function cannot(doc: EditDocument, service: string): Error {
  const found = walk(doc, ['services', service]);
  const key = found.kind === 'found' ? lastOf(found.steps).pair.key : null;
  return refuse(doc, key, `services.${service}`, phrase('edit_changes_more'));
}

function withChange(form: ServiceFormValues, change: ServiceFormChange): ServiceFormValues {
  if (change.field === 'ports') return { ...form, ports: change.value };
  if (change.field !== 'environment') {
    const { [change.field]: _old, ...rest } = form;
    return { ...rest, ...(change.value === undefined ? {} : { [change.field]: change.value }) };
  }
  const { name, value } = change;
  if (name.includes('=') || name === '' || name.includes('\0'))
    throw new AppError('invalid_input', `${JSON.stringify(name)} cannot be the name of a variable.`);
  const others = form.environment.filter((entry) => entry.name !== name);
  return { ...form, environment: value === undefined ? others : [...others, { name, value }] };
}

function spliced(doc: EditDocument, splices: readonly Splice[]): EditDocument {
  return parseForEdit(applySplices(doc.text, splices), doc.file);
}

function lastOf<T>(steps: readonly T[]): T {
  const last = steps.at(-1);
  if (last === undefined) throw new AppError('internal', 'A path has no step.');
  return last;
}
