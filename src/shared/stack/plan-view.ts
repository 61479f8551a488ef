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
  'replace-container',
  'start-container',
  'wait-container',
  'stop-container',
  'kill-container',
  'pause-container',
  'unpause-container',
  'remove-container',
  'remove-network',
  'remove-volume',
  'remove-image',
] as const;
export const operationKindSchema = z.enum(OPERATION_KINDS);
export type OperationKind = z.output<typeof operationKindSchema>;

/** One setting that differs. Values are as a person reads them; of a secret only that it differs. */
export const settingChangeSchema = z.object({
  /** `environment.PORT`, `ports`, `deploy.resources.limits.memory` */
  path: z.string(),
  /** Absent: it was not set. */
  from: z.string().optional(),
  /** Absent: it is not set any more. */
  to: z.string().optional(),
  secret: z.boolean().optional(),
});
export type SettingChange = z.output<typeof settingChangeSchema>;

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
    /** More or fewer instances than the file or the person asks for. */
    'scale',
    /** The engine's or the person's wish to fetch again: `pull_policy`, `--pull`, `--build`, `--force-recreate`. */
    'refresh',
    /** A container whose namespace or volumes it shares is replaced. */
    'shared_container',
  ]),
  params: z.record(z.string(), z.string()).default({}),
  /** English, for terminals and run records. */
  text: z.string(),
  /** With `config_changed`, where the former configuration is known. */
  changes: z.array(settingChangeSchema).optional(),
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

/** What a plan means for one service: the row that a person reads first. */
export const serviceChangeSchema = z.object({
  service: z.string(),
  action: z.enum(['none', 'create', 'start', 'restart', 'replace', 'scale', 'stop', 'remove']),
  causes: z.array(causeSchema),
  replicas: z.object({ from: z.number(), to: z.number() }),
  /** `none`: something answers all the time; `short`: from stopping the old to the new one's first answer. */
  downtime: z.enum(['none', 'short', 'stopped']),
});
export type ServiceChange = z.output<typeof serviceChangeSchema>;

export const planViewSchema = z.object({
  direction: z.enum(['up', 'down']),
  steps: z.array(planStepViewSchema),
  /** One for each service of the project and each orphan, by name. */
  services: z.array(serviceChangeSchema).optional(),
  /** Data that the plan destroys: names of volumes and images. */
  destroys: z.object({ volumes: z.array(z.string()), images: z.array(z.string()) }).optional(),
});
export type PlanView = z.output<typeof planViewSchema>;
