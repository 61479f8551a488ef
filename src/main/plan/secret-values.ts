import { sha256 } from '../compose/canonical/sha256.ts';

const MASK = 'hidden:';

/** Whether a command line or a list may hold a secret somewhere in it. */
export function mentionsSecret(text: string): boolean {
  return /pass(word|wd|phrase)?\W|requirepass|secret|token|api[-_]?key|credential|:\/\/[^/@\s]*:[^/@\s]*@/i.test(
    text,
  );
}

/** Stands for a secret where only "has it changed?" matters. */
export function maskSecret(value: string): string {
  return MASK + sha256(value).slice(0, 12);
}

export function isMasked(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith(MASK);
}
