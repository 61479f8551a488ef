import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import type { ShellSession, TerminalSize } from '../stack-engine.ts';
import { ConsoleSize } from './console-size.ts';
import { createExec, readExitCode, runExec } from './container-exec.ts';
import { inspectContainer } from './container-lookup.ts';
import type { DockerApi } from './docker-api.ts';
import { toEngineError } from './engine-errors.ts';

const CLOSE_LIMIT_MS = 3000;
/** In the environment of the shell and of all that it starts, so that closing the tab can end them. */
const MARKER = 'SKILLDECK_SHELL';

/**
 * Opens a shell with a terminal: bash where there is one, else sh.
 *
 * The API cannot end what an exec started, and closing the connection leaves it running. So the shell carries a
 * marker in its environment, and closing hangs up every process that has it.
 */
export async function openContainerShell(
  api: DockerApi,
  id: string,
  size: TerminalSize,
  signal: AbortSignal,
): Promise<ShellSession> {
  try {
    const container = await inspectContainer(api, id, signal);
    if (container?.State.Status !== 'running')
      throw new AppError('service.not_running', phrase('no_place_for_shell'), {
        hint: 'Start the stack first.',
        params: { service: container?.Name.replace(/^\//, '') ?? id },
      });
    const shell = await probeShell(api, id, signal);
    const marker = randomUUID();
    const execId = await createExec(api, id, [shell], signal, {
      Tty: true,
      AttachStdin: true,
      ConsoleSize: consoleSize(size),
      Env: [`${MARKER}=${marker}`, 'TERM=xterm-256color'],
    });
    const body = { Detach: false, Tty: true, ConsoleSize: consoleSize(size) };
    const socket = await api.hijack({ method: 'POST', path: `/exec/${execId}/start`, body, signal });
    const session = new ContainerShell({ api, containerId: id, execId, shell, marker, socket });
    // Engines before API 1.42 take no size at creation.
    await session.resize(size);
    return session;
  } catch (error) {
    throw toEngineError(error, signal);
  }
}

interface ShellParts {
  readonly api: DockerApi;
  readonly containerId: string;
  readonly execId: string;
  readonly shell: string;
  readonly marker: string;
  readonly socket: Duplex;
}

class ContainerShell implements ShellSession {
  readonly shell: string;
  readonly output: AsyncIterable<string>;
  readonly exit: Promise<{ readonly code: number | null }>;
  readonly #parts: ShellParts;
  readonly #size: ConsoleSize;
  #isClosed = false;

  constructor(parts: ShellParts) {
    this.#parts = parts;
    this.shell = parts.shell;
    // A cut connection ends the session; its exit says the rest.
    parts.socket.on('error', () => {});
    this.exit = new Promise<void>((resolve) => parts.socket.once('close', resolve)).then(() =>
      readExitCode(parts.api, parts.execId),
    );
    this.#size = ConsoleSize.at(parts.api, `/exec/${parts.execId}`, () => parts.socket.destroyed);
    this.output = this.#size.watch(decodeOutput(parts.socket));
  }

  write(data: string): void {
    if (!this.#parts.socket.destroyed) this.#parts.socket.write(data);
  }

  resize(size: TerminalSize): Promise<void> {
    return this.#size.set(size);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { socket } = this.#parts;
    if (socket.destroyed) return;
    void this.#hangUp().finally(() => socket.destroy());
  }

  async #hangUp(): Promise<void> {
    const { api, containerId, marker, socket } = this.#parts;
    socket.write('\u0004');
    const script = `for p in /proc/[0-9]*; do if grep -q ${MARKER}=${marker} $p/environ 2>/dev/null; then kill -HUP \${p#/proc/} 2>/dev/null; fi; done`;
    const signal = AbortSignal.timeout(CLOSE_LIMIT_MS);
    // Best effort: a container that stops meanwhile has ended the shell already.
    await runExec(api, containerId, ['/bin/sh', '-c', script], signal).catch(() => undefined);
  }
}

async function* decodeOutput(socket: Duplex): AsyncGenerator<string, void, void> {
  const decoder = new StringDecoder('utf8');
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      const text = decoder.write(chunk);
      if (text !== '') yield text;
    }
  } catch {
    // Destroyed by close() or cut by the engine: both are the end of the output.
  }
  const rest = decoder.end();
  if (rest !== '') yield rest;
}

async function probeShell(api: DockerApi, id: string, signal: AbortSignal): Promise<string> {
  const code = await runExec(api, id, ['/bin/sh', '-c', 'command -v bash >/dev/null 2>&1'], signal).catch(
    (error: unknown) => {
      throw signal.aborted ? error : noShell(error);
    },
  );
  if (code === 126 || code === 127) {
    // `command -v` answers 127 in some shells when there is no bash, and the engine does when there is no sh.
    const hasSh = await runExec(api, id, ['/bin/sh', '-c', 'exit 0'], signal).catch(() => 127);
    if (hasSh !== 0) throw noShell();
  }
  return code === 0 ? 'bash' : 'sh';
}

function consoleSize({ columns, rows }: TerminalSize): readonly [number, number] {
  return [rows, columns];
}

function noShell(cause?: unknown): AppError {
  return new AppError('terminal.failed', phrase('no_shell'), {
    hint: 'Images without a shell ("distroless") cannot be entered; look at the logs instead.',
    cause,
  });
}
