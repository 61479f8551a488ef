import { z } from 'zod';

/* How the gateway starts, watches and ends its llama.cpp child process. Both sides parse: either may be of another build. */

/** In the words of node-llama-cpp: the best one that this build and this machine have, a certain one, or none. */
export const GpuChoiceSchema = z.enum(['auto', 'off', 'cuda', 'vulkan', 'metal']);

/** How much of the model goes into the GPU's memory. */
export const GpuLayersSchema = z.union([z.enum(['auto', 'max']), z.int().min(0).max(10_000)]);

export const GpuReportSchema = z.object({
  /** What this build can use on this machine. */
  offered: z.array(z.string()),
  /** `off`: the model runs on the CPU. */
  used: z.string(),
  devices: z.array(z.string()),
  /** Of the model, in the GPU's memory. */
  layers: z.int(),
  totalLayers: z.int(),
});

export const LifecycleOrders = [
  z.object({
    type: z.literal('load'),
    modelPath: z.string(),
    contextSize: z.int(),
    parallel: z.int(),
    threads: z.int().optional(),
    gpu: GpuChoiceSchema,
    gpuLayers: GpuLayersSchema,
  }),
  z.object({ type: z.literal('ping'), count: z.int() }),
] as const;

export const LifecycleReports = [
  z.object({ type: z.literal('load-progress'), progress: z.number().min(0).max(1) }),
  z.object({
    type: z.literal('ready'),
    name: z.string(),
    contextSize: z.int(),
    demo: z.boolean(),
    /** Whether its chat template has a place for tools. */
    tools: z.boolean().optional(),
    parameters: z.number().optional(),
    gpu: GpuReportSchema.optional(),
  }),
  z.object({
    type: z.literal('load-failed'),
    message: z.string(),
    /** It needs more memory than is free now, which may be another thing later. */
    wantsMemory: z.boolean().optional(),
  }),
  z.object({ type: z.literal('log'), level: z.enum(['warn', 'error']), message: z.string() }),
  /** Answers the ping of the same count; the processor time of the whole process tells work from standing still. */
  z.object({ type: z.literal('pong'), count: z.int(), cpuMs: z.number() }),
] as const;

export type GpuChoice = z.infer<typeof GpuChoiceSchema>;
export type GpuLayers = z.infer<typeof GpuLayersSchema>;
export type GpuReport = z.infer<typeof GpuReportSchema>;
