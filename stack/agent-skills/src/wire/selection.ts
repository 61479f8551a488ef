import { z } from 'zod';

/** Value of the request field `skills`. */
export const SkillSelectionSchema = z.union([
  z.literal('auto'),
  z.literal('none'),
  z.array(z.string().max(200)).max(16),
]);
export type SkillSelection = z.infer<typeof SkillSelectionSchema>;
