import { describe, expect, it } from 'vitest';
import { GrammarLimit } from './grammar-limit.ts';
import { toGrammarSchema } from './grammar-schema.ts';
import { GrammarSize } from './grammar-size.ts';

const taken = (schema: unknown, size = new GrammarSize()) => toGrammarSchema(schema, { lenient: true, size });

function nested(levels: number, wrap: (inside: object, level: number) => object): object {
  let schema: object = { type: 'string' };
  for (let level = 0; level < levels; level += 1) schema = wrap(schema, level);
  return schema;
}

function defined(count: number, of: (next: object, index: number) => object): object {
  const ref = (index: number) => ({ $ref: `#/$defs/d${index}` });
  const $defs: Record<string, object> = {};
  for (let index = 0; index < count; index += 1)
    $defs[`d${index}`] = index === count - 1 ? { type: 'string' } : of(ref(index + 1), index);
  return { ...ref(0), $defs };
}

describe('a schema that is small, and large when it is written out', () => {
  it('is refused where arrays of fixed length stand in each other', () => {
    const grid = (inside: object) => ({ type: 'array', items: inside, minItems: 9, maxItems: 9 });
    expect(taken(nested(2, grid))).toMatchObject({ type: 'array', minItems: 9 });
    expect(() => taken(nested(8, grid))).toThrow('larger than');
    expect(() => taken(defined(8, grid))).toThrow('larger than');
  });

  it('is refused where each definition offers the next one twice', () => {
    const twice = (next: object, index: number) => ({ anyOf: [next, { const: index }, next] });
    expect(taken(defined(5, twice))).toHaveProperty('$defs');
    expect(() => taken(defined(25, twice))).toThrow('choices in one place');
  });

  it('is taken where each definition only holds the next one twice', () => {
    const pair = (next: object) => ({ type: 'object', properties: { left: next, right: next } });
    expect(taken(defined(25, pair))).toHaveProperty('$defs');
  });

  it('is refused for bounds that are too many to count', () => {
    const fields = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`f${index}`, { type: 'string', maxLength: 1000 }]),
      );
    expect(taken({ type: 'object', properties: fields(100) })).toHaveProperty('properties.f99');
    expect(() => taken({ type: 'object', properties: fields(1000) })).toThrow('larger than');
  });
});

describe('a schema whose texts can be read in several ways', () => {
  const array = (inside: unknown, most: number) => ({ type: 'array', prefixItems: [inside], maxItems: most });
  const object = (properties: Record<string, unknown>) => ({ type: 'object', properties });

  it('is refused where each way has several others inside', () => {
    const either = (next: object) => ({ anyOf: [array(next, 5), array(next, 6)] });
    expect(taken(defined(8, either))).toHaveProperty('$defs');
    expect(() => taken(defined(25, either))).toThrow('ways to read');
    const named = (next: object) => ({
      anyOf: [object({ name: {}, next }), object({ name: {}, next, more: {} })],
    });
    expect(() => taken(defined(25, named))).toThrow('ways to read');
    const itself = { anyOf: [array({ $ref: '#/$defs/a' }, 5), array({ $ref: '#/$defs/a' }, 6)] };
    expect(() => taken({ $ref: '#/$defs/a', $defs: { a: itself } })).toThrow('ways to read');
  });

  it('is taken where what follows tells them apart', () => {
    const ref = { $ref: '#/$defs/a' };
    for (const a of [
      {
        anyOf: [
          { type: 'string' },
          { type: 'array', items: ref },
          { type: 'object', additionalProperties: ref },
        ],
      },
      {
        anyOf: [
          object({ kind: { const: 'sum' }, of: { type: 'array', items: ref } }),
          object({ kind: { const: 'not' }, of: ref }),
        ],
      },
      {
        anyOf: [
          object({ name: {}, child: ref }),
          object({ name: {}, children: { type: 'array', items: ref } }),
          { type: 'null' },
        ],
      },
    ])
      expect(taken({ ...ref, $defs: { a } })).toHaveProperty('$defs.a');
    const many = Array.from({ length: 500 }, (_, index) =>
      object({ kind: { const: index }, next: { $ref: '#/$defs/a' } }),
    );
    expect(taken({ ...ref, $defs: { a: { anyOf: many } } })).toHaveProperty('$defs.a');
  });
});

describe('a schema that refers to itself', () => {
  it('is taken where there is something in between, and refused where there is nothing', () => {
    const node = {
      type: 'object',
      properties: { next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } },
    };
    expect(taken({ $ref: '#/$defs/node', $defs: { node } })).toHaveProperty('$defs.node');
    const a = { anyOf: [{ type: 'null' }, { $ref: '#/$defs/b' }] };
    const b = { $ref: '#/$defs/a' };
    expect(() => taken({ type: 'array', items: { $ref: '#/$defs/a' }, $defs: { a, b } })).toThrow(
      'to itself',
    );
  });

  it('is refused where it goes through too many others', () => {
    const chain = (next: object) => ({ type: 'object', properties: { next } });
    expect(taken(defined(100, chain))).toHaveProperty('$defs');
    expect(() => taken(defined(1500, chain))).toThrow(GrammarLimit);
  });
});

it('schemas of one request share what they may add up to', () => {
  const size = new GrammarSize();
  const tool = { enum: Array.from({ length: 1900 }, (_, index) => index) };
  expect(taken(tool, size)).toHaveProperty('enum');
  expect(() => {
    for (let count = 0; count < 10; count += 1) taken(tool, size);
  }).toThrow('larger than');
});
