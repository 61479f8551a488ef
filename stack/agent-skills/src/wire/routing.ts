import { z } from 'zod';

/** The circuit breaker of a backend: `open` ones are left alone, a `half-open` one is tried with one request. */
export const CircuitStatusSchema = z.object({
  state: z.enum(['closed', 'open', 'half-open']),
  failuresInRow: z.number().int(),
  /** Until it is tried again; 0 unless open. */
  retryInMs: z.number().int(),
});
