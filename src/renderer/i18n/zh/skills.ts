import type { skills as en } from '../en/skills.ts';
import type { Translation } from '../translation.ts';

export const skills: Translation<typeof en> = {};
