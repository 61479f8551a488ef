import { z } from 'zod';
import { LIMITS } from './limits.ts';

/** A JSON Schema that a caller brings: an object, neither too deep nor too large to turn into a grammar. */
export const JsonSchemaSchema = z
  .looseObject({})
  .superRefine((schema, context) => {
    const left = countNodes(schema, 1, LIMITS.schemaNodes);
    if (left === TOO_DEEP) context.addIssue(`a schema may be nested ${LIMITS.schemaDepth} levels deep`);
    else if (left < 0) context.addIssue(`a schema may have ${LIMITS.schemaNodes} parts`);
  })
  .meta({ id: 'JsonSchema', description: 'A JSON Schema. Bounded in depth and size.' });

const TOO_DEEP = Number.NEGATIVE_INFINITY;

function countNodes(value: unknown, depth: number, budget: number): number {
  if (typeof value !== 'object' || value === null) return budget - 1;
  if (depth > LIMITS.schemaDepth) return TOO_DEEP;
  let left = budget - 1;
  for (const item of Object.values(value)) {
    left = countNodes(item, depth + 1, left);
    if (left < 0) return left;
  }
  return left;
}
