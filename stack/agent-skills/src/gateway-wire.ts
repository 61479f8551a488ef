import { z } from 'zod';
import { ConfigProblemsSchema } from './wire/config-problem.ts';
import { ModelProcessStatusSchema } from './wire/model-process.ts';
import { CircuitStatusSchema } from './wire/routing.ts';
import { HeldGenerationSchema } from './wire/skills.ts';

/*
 * What the gateway says besides the OpenAI wire format. The gateway builds its answers to these shapes and the panel
 * parses them; unknown keys are allowed, so that an older panel can talk to a newer gateway.
 */

export const SkillSnapshotDiagnosticSchema = z.object({
  /** Folder of the skill; empty for the skills root itself. */
  directory: z.string(),
  code: z.string(),
  severity: z.enum(['error', 'warning', 'note']),
  message: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  line: z.number().int().min(1),
  column: z.number().int().min(1),
});

export const SkillSnapshotEntrySchema = z.object({
  name: z.string(),
  description: z.string(),
  directory: z.string(),
  /** Of the bytes of the `SKILL.md` that is live, which is not the one on disk while `state` is `last-good`. */
  sha256: z.string(),
  bytes: z.number().int(),
  tokens: z.number().int(),
  /** `last-good`: the file on disk is broken, the version before it stays in use. */
  state: z.enum(['live', 'last-good']),
});

export const SkillsSnapshotSchema = z.object({
  generation: z.number().int(),
  sha256: z.string(),
  /** ISO time at which this generation went live. */
  loadedAt: z.string(),
  skills: z.array(SkillSnapshotEntrySchema),
  held: HeldGenerationSchema.optional(),
  diagnostics: z.array(SkillSnapshotDiagnosticSchema),
});

export const ReloadRequestSchema = z.object({
  /** What the caller has just written; the answer then says whether exactly that is live. */
  expect: z.object({ name: z.string(), sha256: z.string() }).optional(),
});

export const ReloadResultSchema = SkillsSnapshotSchema.extend({
  /** Whether this reload put a new generation live. */
  changed: z.boolean(),
  elapsedMs: z.number(),
  expected: z
    .object({
      name: z.string(),
      sha256: z.string(),
      live: z.boolean(),
      /** What is live under this name instead, if anything. */
      found: z.string().optional(),
    })
    .optional(),
});

export const GatewayModelSchema = z.object({
  id: z.string(),
  name: z.string(),
  contextSize: z.number().int().optional(),
  /** Whose model it is, in the words of the server that has it. */
  ownedBy: z.string().optional(),
  /** Whether it was made to call tools, as far as its template or its server tells. */
  tools: z.boolean().optional(),
  /** How many numbers it is made of. */
  parameters: z.number().optional(),
  /** The generated demonstration model: real inference, no knowledge. */
  demo: z.boolean().optional(),
});

export const BackendStatusSchema = z.object({
  name: z.string(),
  kind: z.enum(['llama-cpp', 'openai']),
  state: z.enum(['loading', 'ready', 'sleeping', 'unavailable']),
  code: z.string().optional(),
  message: z.string().optional(),
  inFlight: z.number().int(),
  model: GatewayModelSchema.optional(),
  models: z.array(z.string()),
  circuit: CircuitStatusSchema.optional(),
  /** Only of backends whose model the gateway itself runs. */
  process: ModelProcessStatusSchema.optional(),
});

const QueuedRequest = {
  requestId: z.string(),
  model: z.string(),
  /** Id of the key. */
  principal: z.string().optional(),
  priority: z.enum(['interactive', 'batch']).optional(),
  /** An estimate. */
  promptTokens: z.number().int().optional(),
};

export const GatewayStatusSchema = z.object({
  status: z.enum(['ready', 'loading', 'unavailable', 'draining']),
  message: z.string().optional(),
  version: z.string(),
  uptimeSeconds: z.number(),
  generation: z.number().int(),
  inFlight: z.number().int(),
  queueDepth: z.number().int(),
  maxConcurrent: z.number().int(),
  maxQueue: z.number().int(),
  running: z.array(
    z.object({
      ...QueuedRequest,
      backend: z.string(),
      elapsedMs: z.number(),
    }),
  ),
  waiting: z.array(
    z.object({
      ...QueuedRequest,
      position: z.number().int(),
      waitedMs: z.number(),
      /** By how long answers took lately. */
      expectedWaitMs: z.number().optional(),
    }),
  ),
  backends: z.array(BackendStatusSchema),
  cache: z
    .object({
      policy: z.enum(['off', 'deterministic', 'all']),
      entries: z.number().int(),
      bytes: z.number().int(),
      maxBytes: z.number().int(),
      redis: z.enum(['up', 'down']).optional(),
    })
    .optional(),
  config: z.object({
    path: z.string(),
    loadedAt: z.string(),
    /** Why the file on disk is not the one in use. */
    error: z.string().optional(),
    /** The same, piece by piece; a newer gateway may know others than this panel. */
    problems: ConfigProblemsSchema.optional().catch(undefined),
    /** Settings that were changed but take effect only after a restart. */
    restartRequired: z.array(z.string()),
    secrets: z.array(z.string()),
  }),
});

/** The `skilldeck` object in a chat completion and in the first and the finishing chunk of a stream. */
export const ChatExtensionSchema = z.object({
  requestId: z.string(),
  generation: z.number().int(),
  skills: z.array(z.string()),
  backend: z.string(),
  timings: z
    .object({ queuedMs: z.number(), firstTokenMs: z.number().optional(), totalMs: z.number() })
    .optional(),
});

export const ErrorEnvelopeSchema = z.object({
  error: z.object({
    message: z.string(),
    type: z.string(),
    param: z.string().nullable(),
    code: z.string().nullable(),
  }),
});

export const SecretsRequestSchema = z.record(
  z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/),
  z.string().max(8192),
);

export type SkillSnapshotDiagnostic = z.infer<typeof SkillSnapshotDiagnosticSchema>;
export type SkillSnapshotEntry = z.infer<typeof SkillSnapshotEntrySchema>;
export type SkillsSnapshot = z.infer<typeof SkillsSnapshotSchema>;
export type ReloadRequest = z.infer<typeof ReloadRequestSchema>;
export type ReloadResult = z.infer<typeof ReloadResultSchema>;
export type GatewayModel = z.infer<typeof GatewayModelSchema>;
export type BackendStatus = z.infer<typeof BackendStatusSchema>;
export type GatewayStatus = z.infer<typeof GatewayStatusSchema>;
export type ChatExtension = z.infer<typeof ChatExtensionSchema>;
export type ErrorEnvelope = z.infer<typeof ErrorEnvelopeSchema>;
