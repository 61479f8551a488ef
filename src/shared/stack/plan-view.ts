import { z } from 'zod';

/** The phases a start goes through, as the timeline colours them (mission S2). */
export const PHASES = ['prepare', 'image', 'dependencies', 'initialise', 'health', 'stop'] as const;
export const phaseSchema = z.enum(PHASES);
export type Phase = z.output<typeof phaseSchema>;

export const OPERATION_KINDS = [
  'create-network',
  'create-volume',
  'pull-image',
  'build-image',
  'create-container',
  'recreate-container',
  'start-container',
  'wait-container',
  'stop-container',
  'remove-container',
  'remove-network',
  'remove-volume',
] as const;
export const operationKindSchema = z.enum(OPERATION_KINDS);
export type OperationKind = z.output<typeof operationKindSchema>;

/**
 * Why an operation is in the plan. `kind` is the key of its text in the language files,
 * `params` fill it; secrets are masked before they get here.
 */
export const causeSchema = z.object({
  kind: z.enum([
    'missing',
    'image_missing',
    'build_context_changed',
    'config_changed',
    'mounts_changed',
    'image_changed',
    'network_changed',
    'volume_changed',
    'not_running',
    'unhealthy',
    'dependency',
    'obsolete',
    'orphan',
    'requested',
  ]),
  params: z.record(z.string(), z.string()).default({}),
  /** English, for terminals and run records. */
  text: z.string(),
});
export type Cause = z.output<typeof causeSchema>;

export const planStepViewSchema = z.object({
  id: z.string(),
  kind: operationKindSchema,
  phase: phaseSchema,
  /** Service, network or volume name. */
  target: z.string(),
  service: z.string().optional(),
  cause: causeSchema,
  dependsOn: z.array(z.string()),
});
export type PlanStepView = z.output<typeof planStepViewSchema>;

export const planViewSchema = z.object({
  direction: z.enum(['up', 'down']),
  steps: z.array(planStepViewSchema),
});
export type PlanView = z.output<typeof planViewSchema>;
