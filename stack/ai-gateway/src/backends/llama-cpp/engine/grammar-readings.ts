import { isJsonObject, type JsonObject } from '../../../json.ts';
import { GrammarLimit } from './grammar-limit.ts';
import type { GrammarSize } from './grammar-size.ts';

/** llama.cpp keeps each of them, and looks at each for each word. */
const MAX_READINGS = 1000;

type Container = JsonObject;

/**
 * Counts in how many ways at once a text can be read that keeps to a schema: `[[[` may be the beginning of several arrays,
 * each of several others. A few lines can leave so many that llama.cpp never gets to the next word.
 *
 * Looks at what the values have in common that can stand in one place, the way an automaton is made deterministic. What can
 * begin in a place must be bounded already (`checkWrittenOut`).
 *
 * @throws {GrammarLimit}
 */
export function checkReadings(root: JsonObject, definitions: JsonObject, size: GrammarSize): void {
  const numbers = new Map<Container, number>();
  const seen = new Set<string>();

  const follow = (values: readonly unknown[]): void => {
    const containers = values.flatMap((value) => containersIn(value, definitions));
    if (containers.length === 0) return;
    if (containers.length > MAX_READINGS)
      throw new GrammarLimit(`leaves more than ${MAX_READINGS} ways to read an answer`, []);
    const place = containers.map((one) => numberOf(one)).sort((one, other) => one - other);
    const key = place.join();
    if (seen.has(key)) return;
    seen.add(key);
    size.spend(containers.length, []);
    followArrays(containers.filter(({ type }) => type === 'array'));
    followObjects(containers.filter(({ type }) => type === 'object'));
  };

  const numberOf = (container: Container): number => {
    const number = numbers.get(container) ?? numbers.size;
    numbers.set(container, number);
    return number;
  };

  const followArrays = (arrays: readonly Container[]): void => {
    const places = Math.max(0, ...arrays.map(({ prefixItems }) => listIn(prefixItems).length));
    for (let place = 0; place <= places; place += 1)
      follow(arrays.map(({ items, prefixItems }) => listIn(prefixItems)[place] ?? items));
  };

  /** Keys are written in their order: as soon as one differs, or the value of one, two objects have nothing more in common. */
  const followObjects = (objects: readonly Container[]): void => {
    const left = [{ place: 0, alike: objects.map((object) => ({ object, entries: entriesOf(object) })) }];
    for (let group = left.pop(); group !== undefined; group = left.pop()) {
      const { alike, place } = group;
      follow(
        alike.map(({ entries, object }) =>
          place < entries.length ? undefined : object.additionalProperties,
        ),
      );
      const going = alike.filter(({ entries }) => place < entries.length);
      for (const same of groupsOf(going, ({ entries }) => entries[place]?.[0])) {
        const valueHere = ({ entries }: (typeof alike)[number]): unknown => entries[place]?.[1];
        follow(same.map(valueHere));
        const areAllFixed = same.every((one) => isFixed(valueHere(one)));
        const groups = areAllFixed ? groupsOf(same, (one) => JSON.stringify(valueHere(one))) : [same];
        for (const next of groups) left.push({ place: place + 1, alike: next });
      }
    }
  };

  follow([root]);
}

/** The objects and arrays that a value may be, choices and references followed. */
function containersIn(value: unknown, definitions: JsonObject): Container[] {
  if (!isJsonObject(value)) return [];
  const { $ref, oneOf, type } = value;
  if (typeof $ref === 'string') return containersIn(definitions[$ref.slice('#/$defs/'.length)], definitions);
  if (Array.isArray(oneOf)) return oneOf.flatMap((one) => containersIn(one, definitions));
  return type === 'object' || type === 'array' ? [value] : [];
}

function groupsOf<T>(all: readonly T[], key: (one: T) => string | undefined): T[][] {
  const groups = new Map<string | undefined, T[]>();
  for (const one of all) {
    const group = groups.get(key(one));
    if (group === undefined) groups.set(key(one), [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

/** Of one value, written as it stands. */
function isFixed(value: unknown): boolean {
  return isJsonObject(value) && (value.const !== undefined || listIn(value.enum).length === 1);
}

function entriesOf({ properties }: Container): [string, unknown][] {
  return isJsonObject(properties) ? Object.entries(properties) : [];
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
