import { isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import type { ServiceForm } from '../../../shared/stack/stack-contract.ts';
import { type EditDocument, parseForEdit } from './edit-document.ts';
import { effectiveKeys, effectiveValue, isNothing, resolved } from './find-pair.ts';

/** The settings of one service as one file writes them; aliases and merges followed, variables not filled in. */
export type ServiceFormValues = Omit<ServiceForm, 'file' | 'version'>;

/** Where a setting may stand below the service; the first is where a new one goes. */
export const FIELD_PATHS = {
  image: [['image']],
  restart: [['restart']],
  replicas: [['deploy', 'replicas'], ['scale']],
  cpus: [['deploy', 'resources', 'limits', 'cpus'], ['cpus']],
  memory: [['deploy', 'resources', 'limits', 'memory'], ['mem_limit']],
} as const satisfies Readonly<Record<string, readonly (readonly string[])[]>>;

export type ScalarField = keyof typeof FIELD_PATHS;

/**
 * A service that the file does not have is an empty form.
 *
 * @param file for messages.
 * @throws AppError `compose.invalid` for a file that does not parse.
 */
export function readServiceForm(text: string, service: string, file = 'compose.yaml'): ServiceFormValues {
  return readForm(parseForEdit(text, file), service);
}

export function readForm(doc: EditDocument, service: string): ServiceFormValues {
  const node = valueAt(doc, ['services', service]);
  const map = isMap(node) ? node : undefined;
  const texts = Object.fromEntries(
    (['image', 'restart', 'cpus', 'memory'] as const).flatMap((field) => {
      const value = map === undefined ? undefined : fieldText(doc, map, field);
      return value === undefined ? [] : [[field, value]];
    }),
  );
  const replicas = map === undefined ? undefined : fieldText(doc, map, 'replicas');
  return {
    ...texts,
    ...(replicas !== undefined && /^\d{1,9}$/.test(replicas) ? { replicas: Number(replicas) } : {}),
    ports: map === undefined ? [] : portTexts(doc, effectiveValue(doc, map, 'ports') ?? null),
    environment: map === undefined ? [] : environmentOf(doc, effectiveValue(doc, map, 'environment') ?? null),
  };
}

/** Of a list of ports the short syntax of each; a long form that has none is shown by what the short one can say. */
export function portTexts(doc: EditDocument, node: Node | null): string[] {
  if (!isSeq(node)) return [];
  return (node.items as (Node | null)[]).map((item) => {
    const target = resolved(doc, item);
    return isMap(target) ? longPort(doc, target) : (scalarOf(target) ?? '');
  });
}

/** `NAME=value` and `NAME` of a list. */
export function splitVariable(text: string): { readonly name: string; readonly value: string | null } {
  const at = text.indexOf('=');
  return at === -1 ? { name: text, value: null } : { name: text.slice(0, at), value: text.slice(at + 1) };
}

/** As written, without quotes; undefined for nothing and for what is no scalar. */
export function scalarOf(node: Node | null | undefined): string | undefined {
  if (!isScalar(node) || node.value === null) return undefined;
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
}

function fieldText(doc: EditDocument, service: YAMLMap, field: ScalarField): string | undefined {
  for (const path of FIELD_PATHS[field]) {
    let node: Node | null | undefined = service;
    for (const key of path) node = isMap(node) ? effectiveValue(doc, node, key) : undefined;
    const text = scalarOf(node);
    if (text !== undefined) return text;
  }
  return undefined;
}

function environmentOf(doc: EditDocument, node: Node | null): { name: string; value: string | null }[] {
  const values = new Map<string, string | null>();
  if (isMap(node))
    for (const name of effectiveKeys(doc, node))
      values.set(name, scalarOf(effectiveValue(doc, node, name)) ?? null);
  if (isSeq(node))
    for (const item of node.items as (Node | null)[]) {
      const { name, value } = splitVariable(scalarOf(resolved(doc, item)) ?? '');
      if (name !== '') values.set(name, value);
    }
  return [...values].map(([name, value]) => ({ name, value }));
}

function longPort(doc: EditDocument, map: YAMLMap): string {
  const part = (key: string) => scalarOf(effectiveValue(doc, map, key)) ?? '';
  const address = part('host_ip');
  const host = address === '' ? '' : `${address.includes(':') ? `[${address}]` : address}:`;
  const published = part('published') === '' && host === '' ? '' : `${part('published')}:`;
  const protocol = part('protocol') === '' || part('protocol') === 'tcp' ? '' : `/${part('protocol')}`;
  return `${host}${published}${part('target')}${protocol}`;
}

function valueAt(doc: EditDocument, path: readonly string[]): Node | null {
  let node: Node | null | undefined = doc.document.contents;
  for (const key of path) node = isMap(node) && !isNothing(node) ? effectiveValue(doc, node, key) : null;
  return node ?? null;
}
