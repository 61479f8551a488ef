import { phrase, verbatim } from '../../shared/errors/phrases/phrase.ts';
import { InterpolationError, interpolate, type Variables, variable } from './interpolate.ts';
import { invalid, type Located, type LocatedMap, type LocatedScalar, type Place } from './located.ts';

/** Told of a variable that is not set, at the place where it is named. */
export type OnUnset = (at: Place, name: string) => void;

/** Fills in the variables of every value; keys stay as they are, as in Compose. */
export function interpolateTree(
  node: LocatedMap,
  variables: Variables,
  onUnset: OnUnset = () => {},
): LocatedMap {
  return { ...node, entries: mapEntries(node, variables, onUnset) };
}

function walk(node: Located, variables: Variables, onUnset: OnUnset): Located {
  if (node.kind === 'map') return { ...node, entries: mapEntries(node, variables, onUnset) };
  if (node.kind === 'list')
    return { ...node, items: node.items.map((item) => walk(item, variables, onUnset)) };
  return interpolateScalar(node, variables, onUnset);
}

function mapEntries(node: LocatedMap, variables: Variables, onUnset: OnUnset): ReadonlyMap<string, Located> {
  const entries = new Map<string, Located>();
  for (const [key, value] of node.entries) entries.set(key, walk(value, variables, onUnset));
  return entries;
}

function interpolateScalar(node: LocatedScalar, variables: Variables, onUnset: OnUnset): LocatedScalar {
  if (typeof node.value !== 'string' || !node.value.includes('$')) return node;
  try {
    const text = interpolate(
      node.value,
      (name) => variable(variables, name),
      (name) => onUnset(node.at, name),
    );
    return { ...node, value: text, text };
  } catch (error) {
    if (!(error instanceof InterpolationError)) throw error;
    const { fault } = error;
    if (fault.kind === 'syntax')
      throw invalid(node.at, phrase('variable'), verbatim(fault.found), 'Write $$ for a dollar sign.');
    const variable = `$${fault.variable}`;
    const found =
      fault.text === ''
        ? phrase('unset', { variable })
        : phrase('unset_because', { variable, text: fault.text });
    throw invalid(
      node.at,
      phrase('value_for', { variable: fault.variable }),
      found,
      `Set ${fault.variable} in .env.`,
    );
  }
}
