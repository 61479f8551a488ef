import type { AppErrorData } from '../../shared/errors/app-error.ts';

/** One thing that was looked at. `warn` does not keep anything from working. */
export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  readonly hint?: string;
}

export function failed(name: string, { hint, message }: AppErrorData): Check {
  return { name, status: 'fail', detail: message, ...(hint === undefined ? {} : { hint }) };
}
