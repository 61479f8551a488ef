import type { Readable, Writable } from 'node:stream';
import type { Paint } from './format/paint.ts';

/** Options that stand before the command, in the words of `docker compose`. */
export interface GlobalOptions {
  readonly file?: readonly string[];
  readonly projectName?: string;
  readonly profile?: readonly string[];
  readonly envFile?: readonly string[];
  readonly projectDirectory?: string;
  readonly context?: string;
  readonly json?: boolean;
  readonly ansi?: 'auto' | 'always' | 'never';
}

/** Everything that a command needs of the process around it. */
export interface CliContext {
  readonly globals: GlobalOptions;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
  /** Aborts at the first Ctrl-C. */
  readonly signal: AbortSignal;
  readonly stdin: Readable & { isTTY?: boolean; setRawMode?: (on: boolean) => unknown };
  /** Results. */
  readonly stdout: Writable & { isTTY?: boolean; columns?: number; rows?: number };
  /** Progress, warnings, errors. */
  readonly stderr: Writable & { isTTY?: boolean; columns?: number; rows?: number };
  /** For stdout and stderr each: colours only where they are wanted. */
  readonly paint: { readonly out: Paint; readonly err: Paint };
}

/** What a command was given, parsed. */
export interface CommandInput {
  readonly args: readonly string[];
  readonly options: object;
}

/** @returns the exit code. Rejects with an `AppError`, which is printed. */
export type CommandRun = (context: CliContext, input: CommandInput) => Promise<number>;

export function print(context: CliContext, text: string): void {
  context.stdout.write(`${text}\n`);
}

export function printJson(context: CliContext, value: unknown): void {
  print(context, JSON.stringify(value, null, 2));
}

/** One object a line, for streams. */
export function printJsonLine(context: CliContext, value: unknown): void {
  print(context, JSON.stringify(value));
}
