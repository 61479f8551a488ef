import { InterpolationError, interpolate, type Variables } from './interpolate.ts';
import { invalid, type Located, type LocatedMap, type LocatedScalar } from './located.ts';

/** Fills in the variables of every value; keys stay as they are, as in Compose. */
export function interpolateTree(node: LocatedMap, variables: Variables): LocatedMap {
  return { ...node, entries: mapEntries(node, variables) };
}

function walk(node: Located, variables: Variables): Located {
  if (node.kind === 'map') return { ...node, entries: mapEntries(node, variables) };
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => walk(item, variables)) };
  return interpolateScalar(node, variables);
}

function mapEntries(node: LocatedMap, variables: Variables): ReadonlyMap<string, Located> {
  return new Map([...node.entries].map(([key, value]) => [key, walk(value, variables)]));
}

function interpolateScalar(node: LocatedScalar, variables: Variables): LocatedScalar {
  if (typeof node.value !== 'string' || !node.value.includes('$')) return node;
  try {
    const text = interpolate(node.value, variables);
    return { ...node, value: text, text };
  } catch (error) {
    if (!(error instanceof InterpolationError)) throw error;
    const { fault } = error;
    if (fault.kind === 'syntax')
      throw invalid(node.at, 'a variable such as $NAME', fault.found, 'Write $$ for a dollar sign.');
    const found = fault.text === '' ? `$${fault.variable} unset` : `$${fault.variable} unset (${fault.text})`;
    throw invalid(node.at, `a value for ${fault.variable}`, found, `Set ${fault.variable} in .env.`);
  }
}
