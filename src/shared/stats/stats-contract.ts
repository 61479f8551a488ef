import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { procedure } from '../contract-base.ts';
import { projectIdSchema } from '../stack/projects-contract.ts';

export const serviceStatsSchema = z.object({
  service: z.string(),
  /** Percent of one core; 200 is two cores. */
  cpuPercent: z.number(),
  memoryBytes: z.number(),
  memoryLimitBytes: z.number().optional(),
});
export type ServiceStats = z.output<typeof serviceStatsSchema>;

export const statsSampleSchema = z.object({ at: z.number(), services: z.array(serviceStatsSchema) });
export type StatsSample = z.output<typeof statsSampleSchema>;

export const statsContract = {
  /** One sample every two seconds while somebody listens; nothing is measured otherwise. */
  subscribe: procedure
    .input(z.object({ projectId: projectIdSchema }))
    .output(eventIterator(statsSampleSchema)),
};
