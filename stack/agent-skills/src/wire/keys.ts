import { z } from 'zod';
import { SkillSelectionSchema } from './selection.ts';

/** The admin interface is for no key of others, and metrics ask for none. */
export const KeyScopeSchema = z.enum(['inference', 'models']);

export const KeyLimitsSchema = z.strictObject({
  requestsPerMinute: z.int().min(1).optional(),
  tokensPerMinute: z.int().min(1).optional(),
  concurrent: z.int().min(1).optional(),
  /** Days and months are those of UTC. */
  tokensPerDay: z.int().min(1).optional(),
  tokensPerMonth: z.int().min(1).optional(),
});

/** What can be said of a key by who makes it. */
export const KeySettingsSchema = z.strictObject({
  name: z.string().trim().min(1).max(80),
  scopes: z.array(KeyScopeSchema).min(1).default(['inference', 'models']),
  /** Names that may be asked for; left out: all. */
  models: z.array(z.string().min(1).max(512)).max(100).optional(),
  /** Share of the slots beside others that wait. */
  weight: z.number().min(0.01).max(1000).default(1),
  priority: z.enum(['interactive', 'batch']).default('interactive'),
  /** What a request without the field `skills` means. */
  skills: SkillSelectionSchema.optional(),
  limits: KeyLimitsSchema.default({}),
  /** ISO time. */
  expiresAt: z.iso.datetime().optional(),
  disabled: z.boolean().default(false),
});

export const KeyUsageSchema = z.object({
  requests: z.int(),
  promptTokens: z.int(),
  completionTokens: z.int(),
  lastUsedAt: z.string().optional(),
  tokensToday: z.int(),
  tokensThisMonth: z.int(),
});

export const KeyViewSchema = z.object({
  ...KeySettingsSchema.shape,
  /** None is left to a key that was for nothing else than what keys are no longer for. */
  scopes: z.array(KeyScopeSchema).default(['inference', 'models']),
  id: z.string(),
  createdAt: z.string(),
  usage: KeyUsageSchema,
});

export const KeyListSchema = z.object({
  keys: z.array(KeyViewSchema),
  /** Why the file of keys is not in use as it is on disk. */
  error: z.string().optional(),
});

/** The only time that the key itself is told. */
export const KeyCreatedSchema = z.object({ key: KeyViewSchema, secret: z.string() });

export type KeyScope = z.infer<typeof KeyScopeSchema>;
export type KeySettings = z.infer<typeof KeySettingsSchema>;
export type KeyUsage = z.infer<typeof KeyUsageSchema>;
export type KeyView = z.infer<typeof KeyViewSchema>;
export type KeyList = z.infer<typeof KeyListSchema>;
export type KeyCreated = z.infer<typeof KeyCreatedSchema>;
