import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import type { CommandSession, ExecOptions } from '../stack-engine.ts';
import { createSession } from './command-session.ts';
import { ConsoleSize } from './console-size.ts';
import { createExec, readExitCode } from './container-exec.ts';
import { inspectContainer } from './container-lookup.ts';
import type { DockerApi } from './docker-api.ts';
import { reasonOf, statusOf } from './engine-errors.ts';

/** As shells say it: the command cannot be run, or is not there. */
const CANNOT_RUN = 126;

/**
 * Runs a command in a running container. Closing the session leaves its process to the container, as
 * `docker compose exec` does; with a terminal, an interrupt goes through the terminal.
 */
export async function execInContainer(
  api: DockerApi,
  id: string,
  options: ExecOptions,
  signal: AbortSignal,
): Promise<CommandSession> {
  const container = await inspectContainer(api, id, signal);
  if (container?.State.Status !== 'running')
    throw new AppError('service.not_running', phrase('service_not_running'), {
      hint: 'Start the stack first.',
      params: { service: container?.Name.replace(/^\//, '') ?? id },
    });
  const { tty, interactive, size, user, workingDir, environment = {}, privileged } = options;
  const consoleSize = size && [size.rows, size.columns];
  const execId = await createExec(api, id, options.command, signal, {
    Tty: tty,
    AttachStdin: interactive,
    ConsoleSize: consoleSize,
    User: user,
    WorkingDir: workingDir,
    Privileged: privileged,
    Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
  });
  const body = { Detach: false, Tty: tty, ConsoleSize: consoleSize };
  const socket = await api
    .hijack({ method: 'POST', path: `/exec/${execId}/start`, body, signal })
    .catch((error: unknown) => {
      throw statusOf(error) === 400 ? cannotRun(error) : error;
    });
  const session = createSession({
    socket,
    tty,
    interactive,
    readExit: async () => ({ code: (await readExitCode(api, execId)).code ?? CANNOT_RUN }),
    size: ConsoleSize.at(api, `/exec/${execId}`, () => socket.destroyed),
    close: () => socket.destroy(),
  });
  // Engines before API 1.42 take no size at creation.
  if (tty && size) await session.resize(size);
  return session;
}

function cannotRun(cause: unknown): AppError {
  return new AppError('engine.request_failed', phrase('command_failed', { reason: reasonOf(cause) }), {
    params: { status: 400, reason: reasonOf(cause) },
    cause,
  });
}
