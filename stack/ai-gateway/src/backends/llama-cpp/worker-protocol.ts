import { z } from 'zod';
import { AskSchemas, ReplySchemas } from './engine/inference-protocol.ts';

/* What the gateway and its llama.cpp child process say to each other. Both sides parse: either may be of another build. */

export const ToWorkerSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('load'),
    modelPath: z.string(),
    contextSize: z.int(),
    parallel: z.int(),
    threads: z.int().optional(),
    gpu: z.boolean(),
  }),
  ...AskSchemas,
]);

export const FromWorkerSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ready'),
    name: z.string(),
    contextSize: z.int(),
    demo: z.boolean(),
  }),
  z.object({ type: z.literal('load-failed'), message: z.string() }),
  z.object({ type: z.literal('log'), level: z.enum(['warn', 'error']), message: z.string() }),
  ...ReplySchemas,
]);

export type ToWorker = z.infer<typeof ToWorkerSchema>;
export type FromWorker = z.infer<typeof FromWorkerSchema>;
