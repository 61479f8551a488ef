import type { logs as en } from '../en/logs.ts';
import type { Translation } from '../translation.ts';

export const logs: Translation<typeof en> = {};
