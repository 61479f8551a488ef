import { z } from 'zod';

/** The process that a backend of the gateway itself runs its model in. */
export const ModelProcessStatusSchema = z.object({
  /** `sleeping`: the next request loads the model. `restarting`: it was lost. `failed`: it cannot be loaded. */
  state: z.enum(['sleeping', 'loading', 'ready', 'restarting', 'failed']),
  /** Of a load, from 0 to 1. */
  progress: z.number().min(0).max(1).optional(),
  /** What it works on. */
  openRequests: z.number().int(),
  /** Restarts in a row. */
  restarts: z.number().int().optional(),
  /** Until it is started again. */
  retryInMs: z.number().optional(),
  /** Until it is unloaded if nothing is asked. */
  unloadsInMs: z.number().optional(),
  pid: z.number().int().optional(),
  gpu: z
    .object({
      /** What this build can use on this machine. */
      offered: z.array(z.string()),
      /** `off`: the model runs on the CPU. */
      used: z.string(),
      devices: z.array(z.string()),
      /** Of the model, in the GPU's memory. */
      layers: z.number().int(),
      totalLayers: z.number().int(),
    })
    .optional(),
});

export type ModelProcessStatus = z.infer<typeof ModelProcessStatusSchema>;
