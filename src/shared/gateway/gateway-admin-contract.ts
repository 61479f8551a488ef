import {
  KeyCreatedSchema,
  KeyListSchema,
  KeySettingsSchema,
  KeyViewSchema,
  SkillDryRunSchema,
  SkillHistorySchema,
  SkillSelectionSchema,
} from '@skilldeck/agent-skills';
import { z } from 'zod';
import { procedure } from '../contract-base.ts';

const keyIdSchema = z.object({ id: z.string().min(1).max(100) });

/** Who may ask the gateway, and for what. */
export const gatewayKeysContract = {
  list: procedure.input(z.object({})).output(KeyListSchema),
  /** The only time that the secret is told; nothing of it is kept here. */
  create: procedure.input(KeySettingsSchema).output(KeyCreatedSchema),
  update: procedure.input(keyIdSchema.extend({ settings: KeySettingsSchema })).output(KeyViewSchema),
  /** Another secret for the same key; the old one ends at once. */
  rotate: procedure.input(keyIdSchema).output(KeyCreatedSchema),
  remove: procedure.input(keyIdSchema).output(z.object({})),
};

/** Which skills the gateway answers with. */
export const gatewaySkillsContract = {
  history: procedure.input(z.object({})).output(SkillHistorySchema),
  /** Answers with the skills of a former generation whatever the files say, until they are released. */
  rollBack: procedure.input(z.object({ generation: z.int().min(1) })).output(SkillHistorySchema),
  release: procedure.input(z.object({})).output(SkillHistorySchema),
  /** Which skills a text would be answered with, and why; nothing is asked of a model. */
  dryRun: procedure
    .input(z.object({ text: z.string().max(100_000), skills: SkillSelectionSchema.optional() }))
    .output(SkillDryRunSchema),
};
