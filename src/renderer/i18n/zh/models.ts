import type { models as en } from '../en/models.ts';
import type { Translation } from '../translation.ts';

export const models: Translation<typeof en> = {};
