import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { procedure } from '../contract-base.ts';

/** The folder name, which the specification makes equal to the skill's name. Never a path. */
export const skillIdSchema = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[^/\\\0]+$/);

export const skillDiagnosticSchema = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning', 'note']),
  message: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  line: z.number(),
  column: z.number(),
});
export type SkillDiagnostic = z.output<typeof skillDiagnosticSchema>;

export const skillSummarySchema = z.object({
  id: skillIdSchema,
  name: z.string(),
  description: z.string(),
  bytes: z.number(),
  /** Content hash of SKILL.md; the base version of a save. */
  version: z.string(),
  modifiedAt: z.number(),
  diagnostics: z.array(skillDiagnosticSchema),
  /** What the gateway holds of it: `last_good` when the file on disk is broken. */
  live: z.enum(['live', 'last_good', 'not_loaded', 'unknown']),
});
export type SkillSummary = z.output<typeof skillSummarySchema>;

export const skillsSnapshotSchema = z.object({
  seq: z.number(),
  skills: z.array(skillSummarySchema),
  gateway: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('not_running') }),
    z.object({ kind: z.literal('live'), generation: z.number() }),
  ]),
});
export type SkillsSnapshot = z.output<typeof skillsSnapshotSchema>;

export const skillDocumentSchema = z.object({
  id: skillIdSchema,
  text: z.string(),
  version: z.string(),
  diagnostics: z.array(skillDiagnosticSchema),
});
export type SkillDocument = z.output<typeof skillDocumentSchema>;

/** What the gateway said about a save (mission B5). */
export const liveProofSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('live'), generation: z.number(), elapsedMs: z.number() }),
  /** Saved, but the gateway keeps the last good version. */
  z.object({ kind: z.literal('last_good'), generation: z.number() }),
  z.object({ kind: z.literal('gateway_not_running') }),
  z.object({ kind: z.literal('gateway_failed'), message: z.string() }),
]);
export type LiveProof = z.output<typeof liveProofSchema>;

export const saveResultSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('saved'),
    version: z.string(),
    diagnostics: z.array(skillDiagnosticSchema),
    live: liveProofSchema,
  }),
  z.object({ kind: z.literal('conflict'), current: skillDocumentSchema }),
  z.object({ kind: z.literal('deleted') }),
]);
export type SaveResult = z.output<typeof saveResultSchema>;

/** 1 MiB of text is far beyond any skill that a model can read. */
export const MAX_SKILL_CHARACTERS = 1_048_576;

export const skillsContract = {
  subscribe: procedure.input(z.object({})).output(eventIterator(skillsSnapshotSchema)),
  read: procedure.input(z.object({ id: skillIdSchema })).output(skillDocumentSchema),
  /** `baseVersion: null` overwrites whatever is on disk. */
  save: procedure
    .input(
      z.object({
        id: skillIdSchema,
        text: z.string().max(MAX_SKILL_CHARACTERS),
        baseVersion: z.string().max(128).nullable(),
      }),
    )
    .output(saveResultSchema),
  create: procedure.input(z.object({ name: z.string().max(200) })).output(skillDocumentSchema),
  remove: procedure.input(z.object({ id: skillIdSchema })).output(z.object({})),
};
