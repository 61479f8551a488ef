import { spawn } from 'node:child_process';

export interface BoundedCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** Written to its standard input, which is then closed. */
  readonly input: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** How a short-lived program ended; only `exited` says anything about what it answered. */
export type CommandEnd =
  | { readonly kind: 'exited'; readonly code: number; readonly stdout: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'too-much-output' }
  | { readonly kind: 'cancelled' };

export type RunBounded = (command: BoundedCommand) => Promise<CommandEnd>;

/** Runs a program without a shell; it is killed when it takes too long, says too much, or the signal aborts. */
export const runBounded: RunBounded = ({ program, args, input, env, timeoutMs, maxBytes, signal }) =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve({ kind: 'cancelled' });
    const child = spawn(program, args, {
      env: { ...env },
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    const finish = (end: CommandEnd) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      if (end.kind !== 'exited') child.kill('SIGKILL');
      child.stdout.destroy();
      resolve(end);
    };
    const cancel = () => finish({ kind: 'cancelled' });
    const timer = setTimeout(() => finish({ kind: 'timeout' }), timeoutMs);
    signal.addEventListener('abort', cancel, { once: true });
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) finish({ kind: 'too-much-output' });
      else chunks.push(chunk);
    });
    // A program that does not read its input closes the pipe; how it ends is what counts.
    child.stdin.on('error', () => {});
    child.on('error', () => finish({ kind: 'missing' }));
    child.on('close', (code) =>
      finish({ kind: 'exited', code: code ?? 1, stdout: Buffer.concat(chunks).toString('utf8') }),
    );
    child.stdin.end(input);
  });
