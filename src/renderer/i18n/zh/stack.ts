import type { stack as en } from '../en/stack.ts';
import type { Translation } from '../translation.ts';

export const stack: Translation<typeof en> = {};
