import { isJsonObject, type JsonObject } from '../../../json.ts';
import { GrammarLimit } from './grammar-limit.ts';
import { checkReadings } from './grammar-readings.ts';
import { checkWrittenOut, GrammarSize } from './grammar-size.ts';
import {
  ANNOTATIONS,
  asObject,
  counted,
  FORMATS,
  guessType,
  haveInCommon,
  KEYWORDS,
  omit,
  pick,
  printed,
  SCALARS,
  TYPES,
  UNWRITABLE,
} from './schema-keywords.ts';

export interface GrammarSchemaOptions {
  /** Whether keywords that the grammar cannot hold are told to the model in the description instead of refused. */
  readonly lenient: boolean;
  /** What all schemas of one request share; left out, it is the only one. */
  readonly size?: GrammarSize;
}

const MAX_DEPTH = 32;
const ANY: JsonObject = {
  oneOf: [
    { type: ['string', 'number', 'boolean', 'null'] },
    { type: 'object', additionalProperties: true },
    { type: 'array' },
  ],
};

/**
 * Turns a JSON schema into the subset that node-llama-cpp makes a grammar of.
 *
 * Whatever the grammar lets through is valid for the schema. It may let through less: all properties are written, the
 * optional ones too, and none beyond those listed.
 *
 * @throws {GrammarLimit} for a keyword that cannot be held, unless lenient; for what is too large
 */
export function toGrammarSchema(schema: unknown, options: GrammarSchemaOptions): JsonObject {
  const { size = new GrammarSize() } = options;
  const definitions = isJsonObject(schema)
    ? { ...asObject(schema.definitions), ...asObject(schema.$defs) }
    : {};
  const walk = new Walk({ ...options, size }, definitions);
  const root = walk.schema(schema, []);
  const names = Object.keys(definitions);
  const $defs = Object.fromEntries(
    names.map((name) => [name, walk.schema(definitions[name], ['$defs', name])]),
  );
  checkWrittenOut(root, $defs, size);
  checkReadings(root, $defs, size);
  if (names.length === 0) return root;
  // Only some forms carry definitions; a choice of one is such a form.
  return { oneOf: [root], $defs };
}

class Walk {
  readonly #lenient: boolean;
  readonly #size: GrammarSize;
  readonly #definitions: JsonObject;

  constructor({ lenient, size }: Required<GrammarSchemaOptions>, definitions: JsonObject) {
    this.#lenient = lenient;
    this.#size = size;
    this.#definitions = definitions;
  }

  schema(given: unknown, path: readonly string[]): JsonObject {
    this.#size.spend(1, path);
    if (path.length > MAX_DEPTH * 2) throw new GrammarLimit('is nested too deeply', path);
    if (given === true || given === undefined || given === null) return ANY;
    if (!isJsonObject(given)) throw new GrammarLimit('is no schema', path);
    const { left, result } = this.#convert(given, path);
    const dropped: JsonObject = {};
    for (const [keyword, value] of Object.entries(left)) {
      if (value === undefined || ANNOTATIONS.has(keyword)) continue;
      if (!this.#lenient) throw new GrammarLimit(`has "${keyword}"`, [...path, keyword]);
      dropped[keyword] = value;
    }
    const description = [
      typeof given.description === 'string' ? given.description : '',
      Object.keys(dropped).length === 0 ? '' : `(${JSON.stringify(dropped).slice(1, -1).slice(0, 500)})`,
    ]
      .filter((part) => part !== '')
      .join(' ');
    return description === '' ? result : { ...result, description };
  }

  /** The schema in the grammar's terms, and the keywords that have not been looked at. */
  #convert(given: JsonObject, path: readonly string[]): { result: JsonObject; left: JsonObject } {
    const { $defs: _defs, definitions: _definitions, nullable, ...schema } = given;
    if (nullable === true) {
      const { description: _description, ...rest } = schema;
      return { result: { oneOf: [this.schema(rest, path), { type: 'null' }] }, left: {} };
    }
    if (schema.$ref !== undefined) return this.#reference(schema, path);
    if (schema.const !== undefined) {
      const { const: value, type: _type, ...left } = schema;
      return { result: { const: this.#scalar(value, [...path, 'const']) }, left };
    }
    if (Array.isArray(schema.enum)) {
      const { enum: values, type: _type, ...left } = schema;
      if (values.length === 0) throw new GrammarLimit('has an empty "enum"', path);
      this.#size.spend(values.length, path);
      const scalars = (values as unknown[]).map((value) => this.#scalar(value, [...path, 'enum']));
      return { result: { enum: scalars }, left };
    }
    for (const keyword of ['anyOf', 'oneOf'] as const) {
      const { [keyword]: branches, type: _type, ...left } = schema;
      if (!Array.isArray(branches) || branches.length === 0) continue;
      const oneOf = branches.map((branch: unknown, index) =>
        this.schema(branch, [...path, keyword, String(index)]),
      );
      return { result: { oneOf }, left };
    }
    const { allOf, ...besides } = schema;
    if (
      Array.isArray(allOf) &&
      allOf.length === 1 &&
      isJsonObject(allOf[0]) &&
      !haveInCommon(besides, allOf[0])
    )
      return this.#convert({ ...besides, ...allOf[0] }, path);
    return this.#typed(schema, path);
  }

  #reference(schema: JsonObject, path: readonly string[]): { result: JsonObject; left: JsonObject } {
    const { $ref, ...left } = schema;
    const ref = typeof $ref === 'string' ? $ref : '';
    const name = /^#\/(?:\$defs|definitions)\/(?<name>[^/]+)$/.exec(ref)?.groups?.name;
    if (name === undefined || !Object.hasOwn(this.#definitions, name))
      throw new GrammarLimit(`refers to ${printed($ref)}, which is not among its $defs`, path);
    return { result: { $ref: `#/$defs/${name}` }, left };
  }

  #typed(schema: JsonObject, path: readonly string[]): { result: JsonObject; left: JsonObject } {
    const { type: given = guessType(schema), ...rest } = schema;
    if (given === undefined) return { result: ANY, left: rest };
    // Each once: those who repeat a type at every level would double the work with every level.
    const types = [...new Set<unknown>(Array.isArray(given) ? given : [given])];
    const unknown = types.find((one) => !TYPES.includes(one as string));
    if (unknown !== undefined || types.length === 0)
      throw new GrammarLimit(`has the type ${printed(unknown ?? [])}`, [...path, 'type']);
    const [type] = types;
    if (types.length > 1) {
      const isPlain = types.every((one) => SCALARS.includes(one as string));
      if (isPlain && Object.keys(rest).every((keyword) => ANNOTATIONS.has(keyword)))
        return { result: { type: types }, left: {} };
      const oneOf = types.map((one: unknown) => {
        const own = KEYWORDS[String(one)] ?? [];
        return this.schema({ type: one, ...pick(rest, own) }, path);
      });
      const all = types.flatMap((one) => KEYWORDS[String(one)] ?? []);
      return { result: { oneOf }, left: omit(rest, all) };
    }
    switch (type) {
      case 'object':
        return this.#object(rest, path);
      case 'array':
        return this.#array(rest, path);
      case 'string':
        return this.#string(rest);
      default:
        return { result: { type }, left: rest };
    }
  }

  #object(schema: JsonObject, path: readonly string[]): { result: JsonObject; left: JsonObject } {
    const { properties, required, additionalProperties, minProperties, maxProperties, ...left } = schema;
    const listed = Object.entries(asObject(properties));
    const names = new Set<unknown>(listed.map(([name]) => name));
    for (const name of Array.isArray(required) ? required : [])
      if (!names.has(name))
        throw new GrammarLimit(`requires ${printed(name)}, which is not among its properties`, path);
    for (const [name] of listed) this.#text(name, path);
    const bounds = counted(['minProperties', minProperties], ['maxProperties', maxProperties], listed.length);
    const isOpen = additionalProperties === undefined ? listed.length === 0 : additionalProperties !== false;
    const more = isJsonObject(additionalProperties)
      ? this.schema(additionalProperties, [...path, 'additionalProperties'])
      : true;
    const result = {
      type: 'object',
      properties: Object.fromEntries(
        listed.map(([name, value]) => [name, this.schema(value, [...path, 'properties', name])]),
      ),
      ...(isOpen ? { additionalProperties: more, ...bounds.held } : {}),
    };
    const unheld = isOpen ? bounds.left : this.#unfulfilled(listed.length, minProperties, maxProperties);
    return { result, left: { ...left, ...unheld } };
  }

  /** Bounds on the number of keys that the listed ones do not fulfil anyhow. */
  #unfulfilled(count: number, minProperties: unknown, maxProperties: unknown): JsonObject {
    return {
      ...(typeof minProperties === 'number' && minProperties > count ? { minProperties } : {}),
      ...(typeof maxProperties === 'number' && maxProperties < count ? { maxProperties } : {}),
    };
  }

  #array(schema: JsonObject, path: readonly string[]): { result: JsonObject; left: JsonObject } {
    const { items, prefixItems, minItems, maxItems, ...left } = schema;
    const bounds = counted(
      ['minItems', minItems],
      ['maxItems', maxItems],
      Array.isArray(prefixItems) ? prefixItems.length : 0,
    );
    const result = {
      type: 'array',
      ...(items === undefined ? {} : { items: this.schema(items, [...path, 'items']) }),
      ...(Array.isArray(prefixItems)
        ? {
            prefixItems: prefixItems.map((item: unknown, index) =>
              this.schema(item, [...path, 'prefixItems', String(index)]),
            ),
          }
        : {}),
      ...bounds.held,
    };
    return { result, left: { ...left, ...bounds.left } };
  }

  #string(schema: JsonObject): { result: JsonObject; left: JsonObject } {
    const { format, minLength, maxLength, ...rest } = schema;
    const hasLength = minLength !== undefined || maxLength !== undefined;
    if (typeof format === 'string' && FORMATS.has(format) && !hasLength)
      return { result: { type: 'string', format }, left: rest };
    const bounds = counted(['minLength', minLength], ['maxLength', maxLength]);
    const left = { ...rest, ...(format === undefined ? {} : { format }), ...bounds.left };
    return { result: { type: 'string', ...bounds.held }, left };
  }

  #scalar(value: unknown, path: readonly string[]): string | number | boolean | null {
    if (typeof value === 'string') return this.#text(value, path);
    if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
    throw new GrammarLimit('lists a value that is an object or an array', path);
  }

  /** node-llama-cpp writes these characters as they are; JSON has them only escaped, and at a zero the grammar ends. */
  #text(value: string, path: readonly string[]): string {
    if (UNWRITABLE.test(value)) throw new GrammarLimit('lists a text with control characters', path);
    return value;
  }
}
