import { describe, expect, it } from 'vitest';
import { MAX_JSON_CONTAINERS, MAX_JSON_DEPTH, parseJsonBody } from './json-body.ts';

describe('parseJsonBody', () => {
  it('reads JSON, and nothing as nothing', () => {
    expect(parseJsonBody('{"a":[1,{"b":null}]}')).toEqual({ a: [1, { b: null }] });
    expect(parseJsonBody('')).toBeUndefined();
  });

  it('says what is wrong with text that is not JSON', () => {
    expect(() => parseJsonBody('{"a":')).toThrow(/^The request body is not valid JSON: /);
  });

  it('takes the deepest allowed nesting and refuses one more, arrays and objects alike', () => {
    const arrays = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    const objects = (depth: number): string => `${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`;
    for (const nested of [arrays, objects]) {
      expect(() => parseJsonBody(nested(MAX_JSON_DEPTH))).not.toThrow();
      expect(() => parseJsonBody(nested(MAX_JSON_DEPTH + 1))).toThrow('nested deeper than 100 levels');
      expect(() => parseJsonBody(nested(200_000))).toThrow('nested deeper');
    }
  });

  it('refuses bodies of nothing but objects, and takes long texts', () => {
    const many = (count: number): string => `[${Array(count).fill('{}').join(',')}]`;
    expect(() => parseJsonBody(many(MAX_JSON_CONTAINERS))).toThrow('more than 1000000 objects and lists');
    expect(parseJsonBody(many(MAX_JSON_CONTAINERS - 1))).toHaveLength(MAX_JSON_CONTAINERS - 1);
    expect(parseJsonBody(JSON.stringify('x'.repeat(5_000_000)))).toHaveLength(5_000_000);
  });

  it.each([
    '{"x":[{"__proto__":{"admin":true},"y":1}]}',
    '{"x":[{"\\u005f_proto_\\u005F":{"admin":true},"y":1}]}',
  ])('leaves __proto__ out of %s', (text) => {
    const body = parseJsonBody(text) as { x: object[] };
    expect(Object.getOwnPropertyNames(body.x[0])).toEqual(['y']);
    expect(JSON.stringify(body)).toBe('{"x":[{"y":1}]}');
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it('keeps constructor and prototype, which schemas may well name', () => {
    const text = '{"properties":{"constructor":{"prototype":{"type":"string"}}}}';
    expect(JSON.stringify(parseJsonBody(text))).toBe(text);
  });
});
