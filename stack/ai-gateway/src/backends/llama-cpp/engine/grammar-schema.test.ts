import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GrammarLimit, toGrammarSchema } from './grammar-schema.ts';

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
});
