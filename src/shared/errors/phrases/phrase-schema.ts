import { z } from 'zod';
import type { Phrase } from './phrase.ts';
import { PHRASES } from './phrases.ts';

/** {@link Phrase} as it is checked. */
export const phraseSchema: z.ZodType<Phrase> = z.lazy(() =>
  z.object({
    key: z.custom<Phrase['key']>((key) => typeof key === 'string' && Object.hasOwn(PHRASES, key)),
    params: z.record(z.string(), z.union([z.string(), z.number(), phraseSchema])),
  }),
);
