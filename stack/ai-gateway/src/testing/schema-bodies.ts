import fc from 'fast-check';
import { leaf, list, mostly, object, one, word } from './nearly-right.ts';

const count = fc.oneof(
  { weight: 9, arbitrary: fc.nat(4) },
  { weight: 1, arbitrary: one(1000, 1e9, -1, 2.5) },
);

const part = fc.letrec((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    object({ type: one('string', 'integer', 'boolean', 'null', ['string', 'null'], ['number', 'number']) }),
    object({ type: one('string'), maxLength: count, minLength: count, format: mostly('date', 'email') }),
    object({ enum: list(leaf), const: leaf, description: word }),
    object({ $ref: mostly('#/$defs/a', '#/$defs/b', '#/definitions/c', '#') }, ['$ref']),
    object({
      type: one('object', ['object', 'array'], ['object', 'object']),
      properties: object({ a: tie('schema'), b: tie('schema'), 'b"\\\n': tie('schema') }),
      required: list(one('a')),
      additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
      minProperties: count,
    }),
    object({
      type: one('array', ['array', 'array']),
      items: tie('schema'),
      prefixItems: list(tie('schema')),
      minItems: count,
      maxItems: count,
    }),
    object({ anyOf: list(tie('schema'), 1), nullable: fc.boolean() }),
    object({ allOf: list(tie('schema'), 1), $defs: object({ a: tie('schema'), b: tie('schema') }) }),
  ),
})).schema;

/** For tests: JSON schemas that are nearly right, and that are small but mean much. */
export const schema = fc.oneof(
  { weight: 1, arbitrary: part },
  {
    weight: 3,
    arbitrary: object({ anyOf: list(part, 1), $defs: object({ a: part, b: part }, ['a', 'b']) }, [
      'anyOf',
      '$defs',
    ]),
  },
);
