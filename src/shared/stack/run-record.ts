import { z } from 'zod';
import { appErrorDataSchema } from '../errors/app-error-data.ts';
import { phaseSchema, planStepViewSchema } from './plan-view.ts';

/** Times are epoch milliseconds. */
export const runSpanSchema = z.object({
  phase: phaseSchema,
  startedAt: z.number(),
  endedAt: z.number().optional(),
});

/** One layer of an image that is being fetched; sizes in bytes, of the phase that `status` names. */
export const layerProgressSchema = z.object({
  id: z.string(),
  status: z.enum(['waiting', 'downloading', 'extracting', 'done']),
  current: z.number().optional(),
  total: z.number().optional(),
});
export type LayerProgress = z.output<typeof layerProgressSchema>;

export const runProgressSchema = z.object({
  /** Bytes or steps done of `total`; absent while unknown. */
  current: z.number().optional(),
  total: z.number().optional(),
  /** The line to show, e.g. a build step or a layer count. */
  text: z.string().optional(),
  /** Of a pull, in the order in which the engine named them; at most 128. */
  layers: z.array(layerProgressSchema).optional(),
});
export type RunProgress = z.output<typeof runProgressSchema>;

export const runStepSchema = planStepViewSchema.extend({
  status: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled', 'skipped']),
  /** A build has several spans (image, then dependencies). */
  spans: z.array(runSpanSchema),
  progress: runProgressSchema.optional(),
  error: appErrorDataSchema.optional(),
  /** Last lines of a failed build or container, at most 40. */
  output: z.array(z.string()).default([]),
});
export type RunStep = z.output<typeof runStepSchema>;

export const RUN_KINDS = [
  'up',
  'down',
  'restart',
  'start',
  'stop',
  'kill',
  'scale',
  'pull',
  'build',
  'pause',
  'unpause',
  'remove',
] as const;
export type RunKind = (typeof RUN_KINDS)[number];

/** One operation on the stack from plan to outcome; kept on disk, newest 50 per workspace. */
export const runRecordSchema = z.object({
  id: z.string(),
  kind: z.enum(RUN_KINDS),
  engine: z.enum(['docker', 'sandbox']),
  services: z.array(z.string()).optional(),
  /** Where it was asked for. */
  origin: z.enum(['panel', 'cli']).optional(),
  /** Set when the update failed and what ran before runs again. */
  rolledBack: z.array(z.string()).optional(),
  startedAt: z.number(),
  endedAt: z.number().optional(),
  outcome: z.enum(['queued', 'running', 'done', 'failed', 'cancelled', 'interrupted']),
  steps: z.array(runStepSchema),
  error: appErrorDataSchema.optional(),
});
export type RunRecord = z.output<typeof runRecordSchema>;
