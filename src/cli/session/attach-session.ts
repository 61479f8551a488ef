import { once } from 'node:events';
import type { CommandSession, TerminalSize } from '../../main/engine/stack-engine.ts';
import type { CliContext } from '../cli-context.ts';
import { EXIT } from '../exit-codes.ts';

export function terminalSize({ stdout }: CliContext): TerminalSize | undefined {
  return stdout.isTTY === true ? { columns: stdout.columns ?? 80, rows: stdout.rows ?? 24 } : undefined;
}

/** Both ends of a terminal are one, so a command inside gets one, too. */
export function wantsTty({ stdin, stdout }: CliContext): boolean {
  return stdin.isTTY === true && stdout.isTTY === true;
}

/**
 * Ties a command to this process's own input and output until it ends.
 *
 * @returns its exit code; after Ctrl-C, which a terminal in raw mode hands on instead, 130.
 */
export async function attachSession(
  context: CliContext,
  session: CommandSession,
  { interactive, tty }: { readonly interactive: boolean; readonly tty: boolean },
): Promise<number> {
  const { signal, stderr, stdin, stdout } = context;
  const onInput = (data: Uint8Array) => session.write(data);
  const onEnd = () => session.end();
  const onResize = () => {
    const size = terminalSize(context);
    if (size !== undefined) session.resize(size).catch(() => {});
  };
  const onAbort = () => session.close();
  signal.addEventListener('abort', onAbort, { once: true });
  if (tty) {
    stdin.setRawMode?.(true);
    stdout.on('resize', onResize);
    onResize();
  }
  if (interactive) stdin.on('data', onInput).on('end', onEnd);
  else session.end();
  try {
    for await (const { data, stream } of session.output) {
      const to = stream === 'stderr' ? stderr : stdout;
      if (!to.write(data) && !signal.aborted) await once(to, 'drain', { signal }).catch(() => {});
    }
    if (signal.aborted) return EXIT.cancelled;
    return (await session.exit).code;
  } catch (error) {
    if (signal.aborted) return EXIT.cancelled;
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
    stdin.off('data', onInput).off('end', onEnd);
    stdin.pause();
    stdout.off('resize', onResize);
    if (tty) stdin.setRawMode?.(false);
    session.close();
  }
}
