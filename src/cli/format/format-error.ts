import type { AppErrorData } from '../../shared/errors/app-error.ts';
import type { Paint } from './paint.ts';

/** As JSON output has it: words for other languages are the window's. */
export function inEnglishOnly({ phrases: _phrases, ...data }: AppErrorData): AppErrorData {
  return data;
}

/** For stderr: what happened (with its place, which the message begins with) and what to do. */
export function formatError(error: AppErrorData, paint: Paint): string {
  const lines = [`${paint('red', 'error')}: ${error.message}`];
  if (error.hint !== undefined) lines.push(`${paint('cyan', 'hint')}: ${error.hint}`);
  return lines.join('\n');
}
