import { z } from 'zod';
import { LIMITS } from './limits.ts';

/** `["a", "b"]`, `[1, 2]` or `[[1], [2, 3]]`. One look at each element; a union of schemas would look three times. */
function isList(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0) return false;
  if (typeof value[0] === 'string') return isShort(value) && value.every((one) => typeof one === 'string');
  if (typeof value[0] === 'number') return isTokens(value);
  return isShort(value) && value.every(isTokens);
}

const isShort = (list: readonly unknown[]): boolean => list.length <= LIMITS.inputs;

const isTokens = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.length <= LIMITS.tokensPerInput &&
  value.every((token) => Number.isSafeInteger(token) && token >= 0);

/** How many texts that is; a list of tokens is one. */
export function promptsIn(value: unknown): number {
  return Array.isArray(value) && typeof value[0] !== 'number' ? value.length : 1;
}

const SENTENCE = `expected a text, or a list of texts, of tokens or of lists of tokens, with at most ${LIMITS.inputs} texts`;

/** What completions and embeddings take: a text, texts, tokens or lists of tokens. */
export const textsOrTokens = z
  .unknown()
  .refine((value) => typeof value === 'string' || isList(value), SENTENCE)
  .meta({
    id: 'TextsOrTokens',
    anyOf: [
      { type: 'string' },
      { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: LIMITS.inputs },
      { type: 'array', items: { type: 'integer', minimum: 0 }, minItems: 1 },
      {
        type: 'array',
        items: { type: 'array', items: { type: 'integer', minimum: 0 }, minItems: 1 },
        minItems: 1,
        maxItems: LIMITS.inputs,
      },
    ],
  });
