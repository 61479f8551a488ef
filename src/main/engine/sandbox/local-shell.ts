import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import type { ShellSession, TerminalSize } from '../stack-engine.ts';
import type { LaunchSpec } from './sandbox-environment.ts';

/** Output that nobody reads pauses the shell beyond this. */
const MAX_PENDING_CHARS = 512 * 1024;

/** A shell in the folder of a service, with the service's environment, as `docker exec` would give. */
export async function openLocalShell(
  launch: LaunchSpec,
  size: TerminalSize,
  platform: NodeJS.Platform,
  processEnv: Readonly<Record<string, string | undefined>>,
): Promise<ShellSession> {
  const shell = shellPath(platform, processEnv);
  try {
    // Loaded late: a machine where the native part does not load loses its terminals, nothing else.
    const { spawn } = await import('@lydell/node-pty');
    const { SKILLDECK_PARENT_PID: _parent, ELECTRON_RUN_AS_NODE: _electron, ...env } = launch.env;
    const terminal = spawn(shell, [], {
      name: 'xterm-256color',
      cols: size.columns,
      rows: size.rows,
      cwd: launch.cwd,
      env: { ...env, TERM: 'xterm-256color' },
    });
    let pending = '';
    let isPaused = false;
    let wake = () => {};
    let ended = false;
    terminal.onData((text) => {
      pending += text;
      if (pending.length > MAX_PENDING_CHARS && !isPaused) {
        isPaused = true;
        terminal.pause();
      }
      wake();
    });
    const exit = new Promise<{ readonly code: number | null }>((resolve) => {
      terminal.onExit(({ exitCode }) => {
        ended = true;
        wake();
        resolve({ code: exitCode });
      });
    });
    async function* read(): AsyncGenerator<string, void, void> {
      for (;;) {
        if (pending !== '') {
          const text = pending;
          pending = '';
          if (isPaused) terminal.resume();
          isPaused = false;
          yield text;
        } else if (ended) return;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    }
    return {
      shell: shell.split(/[\\/]/).at(-1) ?? shell,
      output: read(),
      exit,
      write: (data) => {
        if (!ended) terminal.write(data);
      },
      resize: async ({ columns, rows }) => {
        if (!ended) terminal.resize(columns, rows);
      },
      close: () => {
        if (!ended) terminal.kill();
      },
    };
  } catch (error) {
    throw new AppError('terminal.failed', phrase('no_terminal_here'), {
      hint: 'The logs and the chat work without it. Use a terminal of the system in the folder of the service.',
      params: { reason: error instanceof Error ? error.message : String(error) },
      cause: error,
    });
  }
}

export function shellPath(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): string {
  if (platform === 'win32') return 'powershell.exe';
  return env.SHELL ?? (platform === 'darwin' ? '/bin/zsh' : '/bin/sh');
}
