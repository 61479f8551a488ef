import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { procedure } from '../contract-base.ts';

export const settingsSchema = z.object({
  language: z.enum(['system', 'en', 'zh']).default('system'),
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  /** `auto`: Docker if an engine answers at start, else the sandbox. */
  engine: z.enum(['auto', 'docker', 'sandbox']).default('auto'),
  /** Docker context; absent: the one that the Docker CLI uses. */
  dockerContext: z.string().max(256).optional(),
  /** Bring the stack up by itself when the sandbox is used. */
  autoStartSandbox: z.boolean().default(true),
  /** Show what Start will do and ask, before it does it. */
  reviewPlan: z.boolean().default(true),
  /** Docker containers go on when the panel quits. Sandbox processes always end with it. */
  closeToTray: z.boolean().default(false),
});
export type Settings = z.output<typeof settingsSchema>;

export const settingsSnapshotSchema = z.object({
  settings: settingsSchema,
  /** The system's language, for `system`. */
  systemLanguage: z.enum(['en', 'zh']),
  workspace: z.string(),
  keychain: z.boolean(),
});
export type SettingsSnapshot = z.output<typeof settingsSnapshotSchema>;

export const settingsContract = {
  subscribe: procedure.input(z.object({})).output(eventIterator(settingsSnapshotSchema)),
  update: procedure
    .input(
      z.object({
        language: settingsSchema.shape.language.removeDefault().optional(),
        theme: settingsSchema.shape.theme.removeDefault().optional(),
        engine: settingsSchema.shape.engine.removeDefault().optional(),
        dockerContext: settingsSchema.shape.dockerContext,
        autoStartSandbox: z.boolean().optional(),
        reviewPlan: z.boolean().optional(),
        closeToTray: z.boolean().optional(),
      }),
    )
    .output(settingsSchema),
  /** Asks for a folder in the system's dialog; the app restarts into it. */
  chooseWorkspace: procedure.input(z.object({})).output(z.object({ chosen: z.boolean() })),
};
