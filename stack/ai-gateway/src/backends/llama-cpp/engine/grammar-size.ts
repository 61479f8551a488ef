import { isJsonObject, type JsonObject } from '../../../json.ts';
import { GrammarLimit } from './grammar-limit.ts';

/** Schemas and listed values of one request, written out. Far beyond honest use; to make and tell a grammar of them takes about a second. */
const MAX_PARTS = 20_000;
/** Each of them is looked at for each word, and each way to them is walked on its own. */
const MAX_CHOICES = 2000;
/** node-llama-cpp follows references in each other by calls in calls. */
const MAX_DEPTH = 1000;
/** As many items of an array of fixed length are written out where the model is told of its tools. */
const ITEMS_WRITTEN = 10;
/** A count is cheap beside a schema: so many of it are one part. */
const COUNTS_PER_PART = 20;

/** What all the schemas of one request may add up to. A few lines can stand for any number of parts. */
export class GrammarSize {
  #left = MAX_PARTS;

  /** @throws {GrammarLimit} */
  spend(parts: number, path: readonly string[]): void {
    this.#left -= parts;
    if (this.#left < 0)
      throw new GrammarLimit(`is larger than ${MAX_PARTS} parts when it is written out`, path);
  }
}

/**
 * Follows a schema for grammars (`toGrammarSchema`) the way that llama.cpp and node-llama-cpp do when they write it out.
 *
 * @throws {GrammarLimit} when that would take them beyond all measure, or never end
 */
export function checkWrittenOut(root: JsonObject, definitions: JsonObject, size: GrammarSize): void {
  const choices = new Map<string, number>();
  const told = new Set<string>();

  const visit = (schema: unknown, times: number, depth: number): void => {
    if (!isJsonObject(schema)) return;
    if (depth > MAX_DEPTH) throw new GrammarLimit('is nested too deeply', []);
    const { $ref, additionalProperties, enum: values, items, minItems, oneOf, prefixItems } = schema;
    size.spend(times * (Array.isArray(values) ? values.length : 1), []);
    size.spend(countsOf(schema) / COUNTS_PER_PART, []);
    if (typeof $ref === 'string') {
      const name = nameOf($ref);
      countChoices(schema);
      // Each is written once.
      if (!told.has(name)) {
        told.add(name);
        visit(definitions[name], times, depth + 1);
      }
      return;
    }
    if (Array.isArray(oneOf)) countChoices(schema);
    const inside = times * (Math.min(Number(minItems ?? 0), ITEMS_WRITTEN) + 1);
    visit(items, inside, depth + 1);
    visit(additionalProperties, times, depth + 1);
    for (const list of [oneOf, prefixItems, Object.values(propertiesOf(schema))])
      if (Array.isArray(list)) for (const one of list) visit(one, times, depth + 1);
  };

  /** How many ways there are to begin. */
  const countChoices = (schema: unknown): number => {
    if (!isJsonObject(schema)) return 1;
    const { $ref, enum: values, oneOf, type } = schema;
    let count = 1;
    if (typeof $ref === 'string') count = choicesOfDefinition(nameOf($ref));
    else if (Array.isArray(oneOf)) count = oneOf.reduce<number>((sum, one) => sum + countChoices(one), 0);
    else if (Array.isArray(values)) count = values.length;
    else if (Array.isArray(type)) count = type.length;
    if (count > MAX_CHOICES)
      throw new GrammarLimit(`leaves more than ${MAX_CHOICES} choices in one place`, []);
    return count;
  };

  const choicesOfDefinition = (name: string): number => {
    const known = choices.get(name);
    if (known === UNDER_WAY)
      throw new GrammarLimit(`refers from "${name.slice(0, 100)}" to itself and to nothing else`, []);
    if (known !== undefined) return known;
    if (choices.size > MAX_DEPTH) throw new GrammarLimit(`has more than ${MAX_DEPTH} definitions`, []);
    choices.set(name, UNDER_WAY);
    const count = countChoices(definitions[name]);
    choices.set(name, count);
    return count;
  };

  visit(root, 1, 0);
}

const UNDER_WAY = -1;

function nameOf(ref: string): string {
  return ref.slice('#/$defs/'.length);
}

function propertiesOf({ properties }: JsonObject): JsonObject {
  return isJsonObject(properties) ? properties : {};
}

const COUNTS = ['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties'];

function countsOf(schema: JsonObject): number {
  return COUNTS.reduce((sum, name) => sum + Number(schema[name] ?? 0), 0);
}
