import type { z } from 'zod';
import { FileManagerError } from '../errors.ts';

/** Checks what a caller sent; the refusal names the field. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const reasons = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || 'the request'}: ${issue.message}`,
  );
  throw new FileManagerError('input.invalid', `The request cannot be used: ${reasons.join('; ')}.`);
}
