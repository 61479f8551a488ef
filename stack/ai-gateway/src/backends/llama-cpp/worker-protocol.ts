import { z } from 'zod';

/* What the gateway and its llama.cpp child process say to each other. Both sides parse: either may be of another build. */

export const WorkerMessageSchema = z.object({
  role: z.enum(['system', 'user', 'assistant']),
  text: z.string(),
});

export const SamplingSchema = z.object({
  maxTokens: z.int().min(1).optional(),
  temperature: z.number().min(0).max(2).optional(),
  topP: z.number().min(0).max(1).optional(),
  seed: z.int().min(0).optional(),
  stop: z.array(z.string()).max(16).optional(),
});

export const ToWorkerSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('load'),
    modelPath: z.string(),
    contextSize: z.int(),
    parallel: z.int(),
    threads: z.int().optional(),
    gpu: z.boolean(),
  }),
  z.object({
    type: z.literal('chat'),
    id: z.string(),
    messages: z.array(WorkerMessageSchema),
    sampling: SamplingSchema,
  }),
  z.object({ type: z.literal('abort'), id: z.string() }),
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
  z.object({ type: z.literal('delta'), id: z.string(), text: z.string(), reasoning: z.boolean() }),
  z.object({
    type: z.literal('done'),
    id: z.string(),
    finishReason: z.enum(['stop', 'length']),
    promptTokens: z.int(),
    completionTokens: z.int(),
  }),
  /** The last word about a request that did not succeed; also the answer to an abort. */
  z.object({
    type: z.literal('failed'),
    id: z.string(),
    code: z.enum(['aborted', 'context_length_exceeded', 'generation_failed']),
    message: z.string(),
  }),
]);

export type WorkerMessage = z.infer<typeof WorkerMessageSchema>;
export type Sampling = z.infer<typeof SamplingSchema>;
export type ToWorker = z.infer<typeof ToWorkerSchema>;
export type FromWorker = z.infer<typeof FromWorkerSchema>;
