import { z } from 'zod';
import { ConfigProblemsSchema } from './config-problem.ts';

export const ConfigValueSchema = z.object({
  /** As in `config.json`, e.g. `timeouts.idleMs` or `backends[0].baseUrl`. */
  key: z.string(),
  value: z.unknown(),
  source: z.enum(['default', 'file', 'environment']),
  /** The variable, where it came from the environment. */
  variable: z.string().optional(),
  /** A change of it takes effect only after a restart. */
  needsRestart: z.boolean(),
});

export const EffectiveConfigSchema = z.object({
  path: z.string(),
  loadedAt: z.string(),
  /** Why the file on disk is not the one in use. */
  error: z.string().optional(),
  /** The same, piece by piece; a newer gateway may know others than this panel. */
  problems: ConfigProblemsSchema.optional().catch(undefined),
  values: z.array(ConfigValueSchema),
  /** Names of secrets that are set; their values are never told. */
  secrets: z.array(z.string()),
});

export type ConfigValue = z.infer<typeof ConfigValueSchema>;
export type EffectiveConfig = z.infer<typeof EffectiveConfigSchema>;
