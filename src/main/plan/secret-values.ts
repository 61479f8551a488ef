import { sha256 } from '../compose/canonical/sha256.ts';

const SECRET_NAME = /(KEY|SECRET|PASSWORD|PASSWD|TOKEN|CREDENTIAL|PRIVATE)/i;
const URL_WITH_PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^/@\s]*:[^/@\s]*@/i;
const MASK = 'hidden:';

/** Whether a setting's value must not be shown: by its name, or because it is an address with a password in it. */
export function isSecret(name: string, value: string): boolean {
  return SECRET_NAME.test(name) || URL_WITH_PASSWORD.test(value);
}

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
