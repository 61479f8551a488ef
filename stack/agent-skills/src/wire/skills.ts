import { z } from 'zod';

/** Set while an older generation is in use although the files say otherwise. */
export const HeldGenerationSchema = z.object({
  /** The one whose skills are in use. */
  of: z.number().int(),
  /** ISO time. */
  since: z.string(),
});

export const SkillGenerationSchema = z.object({
  generation: z.number().int(),
  sha256: z.string(),
  loadedAt: z.string(),
  /** Names of skills that differ from the generation before. */
  changed: z.array(z.string()),
  skills: z.number().int(),
  /** Conversations that began with it and go on. */
  conversations: z.number().int(),
});

export const SkillHistorySchema = z.object({
  /** Newest first. */
  generations: z.array(SkillGenerationSchema),
  live: z.number().int(),
  held: HeldGenerationSchema.optional(),
});

export const SkillDryRunSchema = z.object({
  generation: z.number().int(),
  /** Those that would be applied, and why. */
  applied: z.array(
    z.object({
      name: z.string(),
      cause: z.enum(['named', 'slash', 'matched']),
      score: z.number().optional(),
      terms: z.array(z.string()).optional(),
      tokens: z.number().int(),
    }),
  ),
  /** Fitted, but there is no room for them. */
  leftOut: z.array(z.object({ name: z.string(), tokens: z.number().int() })),
  /** All others that share a term with the text, best first. */
  near: z.array(z.object({ name: z.string(), score: z.number(), terms: z.array(z.string()) })),
  /** What the system message would say. */
  system: z.string(),
  systemTokens: z.number().int(),
  /** `model`: by the model's own tokenizer. */
  countedBy: z.enum(['model', 'estimate']),
  /** The model itself would choose, by calling a tool. */
  byTool: z.boolean(),
});

export type SkillHistory = z.infer<typeof SkillHistorySchema>;
export type SkillDryRun = z.infer<typeof SkillDryRunSchema>;
