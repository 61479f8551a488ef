import { z } from 'zod';
import type { AppErrorData, ErrorPhrases } from './app-error.ts';
import { ERROR_CODES } from './error-codes.ts';
import { phraseSchema } from './phrases/phrase-schema.ts';

const phrasesSchema: z.ZodType<ErrorPhrases> = z.object({
  message: phraseSchema.optional(),
  params: z.record(z.string(), phraseSchema).optional(),
});

/** {@link AppErrorData} as it is checked. Apart from it: what only throws faults needs no validator. */
export const appErrorDataSchema: z.ZodType<AppErrorData, unknown> = z.object({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  hint: z.string().optional(),
  params: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  // A run that an older Skilldeck kept may have other phrases: its English is there all the same.
  phrases: phrasesSchema.optional().catch(undefined),
});
