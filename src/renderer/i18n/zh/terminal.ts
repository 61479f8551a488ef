import type { terminal as en } from '../en/terminal.ts';
import type { Translation } from '../translation.ts';

export const terminal: Translation<typeof en> = {};
