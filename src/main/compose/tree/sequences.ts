import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import { describeFound, invalid, type Located, type LocatedMap, type LocatedScalar } from '../located.ts';
import { isNull, isText, nullAt, printed, textAt } from './nodes.ts';

/** `NAME=value` for each entry of a map, sorted; a list as it is; one text as a list of it; nothing for null. */
export function sequenceOf(node: Located): readonly Located[] {
  if (node.kind === 'list') return node.items;
  if (node.kind === 'map')
    return [...node.entries].flatMap(([key, value]) => assignments(key, value)).sort(compareTexts);
  if (node.value === null) return [];
  if (isText(node)) return [node];
  throw invalid(node.at, phrase('list_or_map'), describeFound(node));
}

function assignments(key: string, value: Located): readonly LocatedScalar[] {
  if (isNull(value)) return [textAt(value.at, key)];
  const values = value.kind === 'list' ? value.items : [value];
  return values.map((item) => {
    if (item.kind !== 'scalar') throw invalid(item.at, phrase('text'), describeFound(item));
    return textAt(item.at, `${key}=${printed(item)}`);
  });
}

function compareTexts(a: LocatedScalar, b: LocatedScalar): number {
  if (a.text === b.text) return 0;
  return a.text < b.text ? -1 : 1;
}

/**
 * A map from a list of `NAME=value`; later ones win, maps stay maps.
 *
 * @param unset what a name without a value has: null, or an empty text.
 */
export function mappingOf(node: Located, unset: 'null' | 'empty'): LocatedMap {
  if (node.kind === 'map') return node;
  if (isNull(node)) return { kind: 'map', at: node.at, entries: new Map() };
  const entries = new Map<string, Located>();
  for (const item of sequenceOf(node)) {
    if (item.kind !== 'scalar' || item.value === null)
      throw invalid(item.at, phrase('assignment'), describeFound(item));
    const text = printed(item);
    const equals = text.indexOf('=');
    const name = equals === -1 ? text : text.slice(0, equals);
    if (equals !== -1) entries.set(name, textAt(item.at, text.slice(equals + 1)));
    else entries.set(name, unset === 'null' ? nullAt(item.at) : textAt(item.at, ''));
  }
  return { kind: 'map', at: node.at, entries };
}
