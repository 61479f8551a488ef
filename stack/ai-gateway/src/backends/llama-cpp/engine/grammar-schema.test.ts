import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GrammarLimit } from './grammar-limit.ts';
import { toGrammarSchema } from './grammar-schema.ts';

const strict = (schema: unknown) => toGrammarSchema(schema, { lenient: false });
const lenient = (schema: unknown) => toGrammarSchema(schema, { lenient: true });
const placeOf = (schema: unknown): string => {
  try {
    strict(schema);
  } catch (error) {
    if (error instanceof GrammarLimit) return error.path;
    throw error;
  }
  throw new Error('It was taken.');
};

describe('toGrammarSchema', () => {
  it('keeps what the grammar holds', () => {
    const schema = {
      type: 'object',
      properties: {
        name: { type: 'string', minLength: 1, maxLength: 9, description: 'A name.' },
        when: { type: 'string', format: 'date' },
        size: { enum: ['s', 'm', 3, null] },
        tags: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 3 },
      },
      required: ['name'],
      additionalProperties: false,
    };
    const { required: _required, additionalProperties: _closed, ...held } = schema;
    expect(strict(schema)).toEqual(held);
  });

  it('writes the other spellings of a choice as one', () => {
    const nothing = { type: 'null' };
    expect(strict({ anyOf: [{ type: 'string' }, nothing] })).toEqual({
      oneOf: [{ type: 'string' }, nothing],
    });
    expect(strict({ type: 'string', nullable: true })).toEqual({ oneOf: [{ type: 'string' }, nothing] });
    expect(strict({ type: ['string', 'null'] })).toEqual({ type: ['string', 'null'] });
    expect(strict({ type: ['string', 'null'], maxLength: 3 })).toEqual({
      oneOf: [{ type: 'string', maxLength: 3 }, nothing],
    });
    expect(strict({ allOf: [{ type: 'integer' }] })).toEqual({ type: 'integer' });
  });

  it('carries definitions along, those of older drafts too', () => {
    const node = { type: 'object', properties: { next: { $ref: '#/definitions/node' } } };
    expect(strict({ $ref: '#/definitions/node', definitions: { node } })).toEqual({
      oneOf: [{ $ref: '#/$defs/node' }],
      $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } } },
    });
  });

  it('says where a keyword stands that it cannot hold', () => {
    const inside = (schema: unknown) => ({
      type: 'object',
      properties: { a: { type: 'array', items: schema } },
    });
    expect(placeOf(inside({ type: 'string', pattern: '^a' }))).toBe('properties.a.items.pattern');
    expect(placeOf(inside({ type: 'number', minimum: 1 }))).toBe('properties.a.items.minimum');
    expect(placeOf({ type: 'string', format: 'email' })).toBe('format');
    expect(placeOf({ $ref: '#/$defs/nowhere' })).toBe('');
    expect(placeOf({ type: 'object', required: ['a'] })).toBe('');
    expect(placeOf({ const: {} })).toBe('const');
    expect(placeOf({ type: 'text' })).toBe('type');
  });

  it('tells the model instead, where it may', () => {
    expect(lenient({ type: 'integer', description: 'Count.', minimum: 1 })).toEqual({
      type: 'integer',
      description: 'Count. ("minimum":1)',
    });
  });

  it('takes or refuses any JSON, and never runs into the depths', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (schema) => {
        try {
          expect(typeof strict(schema)).toBe('object');
        } catch (error) {
          expect(error).toBeInstanceOf(GrammarLimit);
        }
      }),
      { numRuns: 500 },
    );
    let deep: unknown = { type: 'string' };
    for (let depth = 0; depth < 5000; depth += 1) deep = { type: 'array', items: deep };
    expect(() => strict(deep)).toThrow('is nested too deeply');
  });

  it('takes a type that is listed twice for one', () => {
    const twice = (levels: number): unknown =>
      levels === 0 ? {} : { type: ['object', 'object'], properties: { a: twice(levels - 1) } };
    const once = (levels: number): unknown =>
      levels === 0 ? {} : { type: 'object', properties: { a: once(levels - 1) } };
    expect(strict(twice(25))).toEqual(strict(once(25)));
  });

  it('takes bounds that the grammar counts to, and no others', () => {
    expect(strict({ type: 'string', minLength: 1, maxLength: 1000 })).toMatchObject({ maxLength: 1000 });
    for (const bound of [1001, 1e9, -1, 2.5, '3', {}]) {
      expect(placeOf({ type: 'string', maxLength: bound })).toBe('maxLength');
      expect(placeOf({ type: 'array', minItems: bound })).toBe('minItems');
      expect(placeOf({ type: 'object', maxProperties: bound })).toBe('maxProperties');
    }
    // Those that contradict each other, or what is written anyhow.
    expect(placeOf({ type: 'string', minLength: 3, maxLength: 0 })).toBe('minLength');
    expect(placeOf({ type: 'array', prefixItems: [{}, {}], maxItems: 1 })).toBe('maxItems');
    expect(
      placeOf({ type: 'object', properties: { a: {}, b: {} }, additionalProperties: true, maxProperties: 1 }),
    ).toBe('maxProperties');
    expect(lenient({ type: 'array', maxItems: 5000 })).toEqual({
      type: 'array',
      description: '("maxItems":5000)',
    });
  });

  it('joins what stands beside an "allOf" only where it says nothing else', () => {
    const named = { type: 'object', properties: { a: {} }, required: ['a'] };
    const node = { type: 'object' };
    expect(
      strict({ title: 'T', allOf: [{ $ref: '#/$defs/node', title: 'N' }], $defs: { node } }),
    ).toHaveProperty('oneOf', [{ $ref: '#/$defs/node' }]);
    expect(placeOf({ ...named, allOf: [{ properties: { b: {} }, required: ['b'] }] })).toBe('allOf');
  });

  it('refuses texts that the grammar cannot write', () => {
    expect(placeOf({ const: 'a\0b' })).toBe('const');
    expect(placeOf({ enum: ['a', '\u0001'] })).toBe('enum');
    expect(placeOf({ type: 'object', properties: { a: { type: 'object', properties: { '\b': {} } } } })).toBe(
      'properties.a',
    );
    expect(strict({ const: '\ta "b" \\ \n' })).toEqual({ const: '\ta "b" \\ \n' });
  });

  it('names what is no text by its JSON', () => {
    const odd = { toString: 1, valueOf: null };
    for (const schema of [
      { type: odd },
      { type: [odd] },
      { $ref: odd },
      { const: odd },
      { enum: [odd] },
      { required: [odd], type: 'object' },
      { type: 'string', format: odd },
      { type: 'array', minItems: odd },
      { allOf: [odd] },
      { description: odd, type: odd },
    ])
      expect(() => strict(schema)).toThrow(GrammarLimit);
  });
});
