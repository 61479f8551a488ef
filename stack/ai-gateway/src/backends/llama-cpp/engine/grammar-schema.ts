import { isJsonObject, type JsonObject } from '../../../json.ts';

/** A JSON schema that the grammar cannot hold, with the place inside of the schema. */
export class GrammarLimit extends Error {
  readonly path: string;

  constructor(what: string, path: readonly string[]) {
    super(what);
    this.name = 'GrammarLimit';
    this.path = path.join('.');
  }
}

export interface GrammarSchemaOptions {
  /** Whether keywords that the grammar cannot hold are told to the model in the description instead of refused. */
  readonly lenient: boolean;
}

const MAX_DEPTH = 32;
const MAX_ITEMS = 1000;
const FORMATS = new Set(['date-time', 'time', 'date']);
/** They say nothing about which values are right. */
const ANNOTATIONS = new Set(
  '$schema $id $comment title description default examples deprecated readOnly writeOnly strict $anchor'.split(
    ' ',
  ),
);
const SCALARS = ['string', 'number', 'integer', 'boolean', 'null'];
const TYPES = [...SCALARS, 'object', 'array'];
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
 * @throws {GrammarLimit} for a keyword that cannot be held, unless lenient
 */
export function toGrammarSchema(schema: unknown, options: GrammarSchemaOptions): JsonObject {
  const definitions = isJsonObject(schema)
    ? { ...asObject(schema.definitions), ...asObject(schema.$defs) }
    : {};
  const walk = new Walk(options, definitions);
  const root = walk.schema(schema, []);
  const names = Object.keys(definitions);
  if (names.length === 0) return root;
  const $defs = Object.fromEntries(
    names.map((name) => [name, walk.schema(definitions[name], ['$defs', name])]),
  );
  // Only some forms carry definitions; a choice of one is such a form.
  return { oneOf: [root], $defs };
}

class Walk {
  readonly #lenient: boolean;
  readonly #definitions: JsonObject;

  constructor({ lenient }: GrammarSchemaOptions, definitions: JsonObject) {
    this.#lenient = lenient;
    this.#definitions = definitions;
  }

  schema(given: unknown, path: readonly string[]): JsonObject {
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
      const scalars = (values as unknown[]).map((value) => this.#scalar(value, [...path, 'enum']));
      if (scalars.length === 0) throw new GrammarLimit('has an empty "enum"', path);
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
    if (Array.isArray(allOf) && allOf.length === 1 && isJsonObject(allOf[0]))
      return this.#convert({ ...besides, ...allOf[0] }, path);
    return this.#typed(schema, path);
  }

  #reference(schema: JsonObject, path: readonly string[]): { result: JsonObject; left: JsonObject } {
    const { $ref, ...left } = schema;
    const name = /^#\/(?:\$defs|definitions)\/(?<name>[^/]+)$/.exec(String($ref))?.groups?.name;
    if (name === undefined || !Object.hasOwn(this.#definitions, name))
      throw new GrammarLimit(`refers to "${String($ref).slice(0, 100)}", which is not among its $defs`, path);
    return { result: { $ref: `#/$defs/${name}` }, left };
  }

  #typed(schema: JsonObject, path: readonly string[]): { result: JsonObject; left: JsonObject } {
    const { type = guessType(schema), ...rest } = schema;
    if (type === undefined) return { result: ANY, left: rest };
    const types = Array.isArray(type) ? type : [type];
    const unknown = types.find((one) => !TYPES.includes(String(one)));
    if (unknown !== undefined || types.length === 0)
      throw new GrammarLimit(`has the type ${JSON.stringify(unknown ?? [])}`, [...path, 'type']);
    if (types.length > 1) {
      const isPlain = types.every((one) => SCALARS.includes(String(one)));
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
    for (const name of Array.isArray(required) ? required : [])
      if (!listed.some(([key]) => key === name))
        throw new GrammarLimit(`requires "${String(name)}", which is not among its properties`, path);
    const isOpen = additionalProperties === undefined ? listed.length === 0 : additionalProperties !== false;
    const more = isJsonObject(additionalProperties)
      ? this.schema(additionalProperties, [...path, 'additionalProperties'])
      : true;
    const result = {
      type: 'object',
      properties: Object.fromEntries(
        listed.map(([name, value]) => [name, this.schema(value, [...path, 'properties', name])]),
      ),
      ...(isOpen ? { additionalProperties: more, ...defined({ minProperties, maxProperties }) } : {}),
    };
    return {
      result,
      left: isOpen ? left : { ...left, ...this.#unfulfilled(listed.length, minProperties, maxProperties) },
    };
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
    const tooMany = [minItems, maxItems].some((bound) => typeof bound === 'number' && bound > MAX_ITEMS);
    if (tooMany) throw new GrammarLimit(`counts more than ${MAX_ITEMS} items`, path);
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
      ...defined({ minItems, maxItems }),
    };
    return { result, left };
  }

  #string(schema: JsonObject): { result: JsonObject; left: JsonObject } {
    const { format, minLength, maxLength, ...rest } = schema;
    const hasLength = minLength !== undefined || maxLength !== undefined;
    if (typeof format === 'string' && FORMATS.has(format) && !hasLength)
      return { result: { type: 'string', format }, left: rest };
    const left = format === undefined ? rest : { ...rest, format };
    return { result: { type: 'string', ...defined({ minLength, maxLength }) }, left };
  }

  #scalar(value: unknown, path: readonly string[]): string | number | boolean | null {
    if (value === null || ['string', 'number', 'boolean'].includes(typeof value))
      return value as string | number | boolean | null;
    throw new GrammarLimit('lists a value that is an object or an array', path);
  }
}

/** Keywords that speak of one type only. */
const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  object: ['properties', 'required', 'additionalProperties', 'minProperties', 'maxProperties'],
  array: ['items', 'prefixItems', 'minItems', 'maxItems'],
  string: ['format', 'minLength', 'maxLength'],
};

function guessType(schema: JsonObject): string | undefined {
  return Object.keys(KEYWORDS).find((type) =>
    KEYWORDS[type]?.some((keyword) => schema[keyword] !== undefined),
  );
}

function asObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

function pick(from: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));
}

function omit(from: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(from).filter(([name]) => !names.includes(name)));
}

function defined(values: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
