import { z } from 'zod';
import type { AppErrorData } from './app-error.ts';
import { ERROR_CODES } from './error-codes.ts';

/** {@link AppErrorData} as it is checked. Apart from it: what only throws faults needs no validator. */
export const appErrorDataSchema: z.ZodType<AppErrorData, unknown> = z.object({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  hint: z.string().optional(),
  params: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
});
