import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { ServiceDefinition } from '../../compose/definition.ts';
import type { Project, Service } from '../../compose/project.ts';
import type { CommandSession, RunOptions } from '../stack-engine.ts';
import { createSession } from './command-session.ts';
import type { Connection } from './connect.ts';
import { ConsoleSize } from './console-size.ts';
import { CLEAN_UP_LIMIT_MS, createNamed, type Work } from './container-create.ts';
import { inspectContainer, serviceOf } from './container-lookup.ts';
import { startById } from './container-operations.ts';
import { removeContainer } from './container-remove.ts';

/**
 * A container of the service for one command, attached before it starts so that no output is lost.
 *
 * The engine itself removes it at its end (unless `keep`), so none stays when this program ends first.
 */
export async function runOneOffContainer(
  connection: Connection,
  project: Project,
  name: string,
  options: RunOptions,
  signal: AbortSignal,
): Promise<CommandSession> {
  const { api } = connection;
  const work: Work = { signal, report: () => {} };
  const slug = randomBytes(32).toString('hex');
  const service = oneOffService(serviceOf(project, name), options);
  const containerName = options.name ?? `${project.name}-${name}-run-${slug.slice(0, 12)}`;
  const id = await createNamed(
    connection,
    { project, service, number: 1 },
    {
      name: containerName,
      oneOff: { name: containerName, slug, attachStdin: options.interactive, autoRemove: !options.keep },
    },
    work,
  );
  const remove = () => removeContainer(connection, id, AbortSignal.timeout(CLEAN_UP_LIMIT_MS), 'own');
  try {
    const socket = await api.hijack({
      method: 'POST',
      path: `/containers/${id}/attach`,
      query: { stream: true, stdout: true, stderr: true, stdin: options.interactive },
      signal,
    });
    // Asked for before the start: a container that is removed at once could not be asked afterwards.
    const ended = api.json<{ StatusCode?: number }>({
      method: 'POST',
      path: `/containers/${id}/wait`,
      query: { condition: options.keep ? 'next-exit' : 'removed' },
    });
    ended.catch(() => {});
    const user = (await inspectContainer(api, id, signal))?.Config.User ?? '';
    await startById(connection, { project, service }, { id, user }, work);
    const session = attach(connection, id, socket, ended, options);
    if (options.tty && options.size) await session.resize(options.size);
    return session;
  } catch (error) {
    await remove().catch(() => {
      // The first fault is the one to tell; its labels let `down` find it.
    });
    throw error;
  }
}

function attach(
  { api }: Connection,
  id: string,
  socket: Duplex,
  ended: Promise<{ readonly StatusCode?: number }>,
  { tty, interactive }: RunOptions,
): CommandSession {
  return createSession({
    socket,
    tty,
    interactive,
    readExit: async () => ({ code: (await ended).StatusCode ?? 0 }),
    size: ConsoleSize.at(api, `/containers/${id}`, () => socket.destroyed),
    close: () => {
      // Its end closes the connection; a container that has ended already needs no kill.
      void api
        .json({ method: 'POST', path: `/containers/${id}/kill`, accept: [404, 409] })
        .catch(() => {})
        .finally(() => socket.destroy());
    },
  });
}

/** What `docker compose run` makes of a service: no ports, no restarts, and what was asked for on top. */
function oneOffService(service: Service, options: RunOptions): Service {
  const { restart: _restart, ports, container_name: _name, deploy, ...rest } = service.definition;
  const { restart_policy: _policy, ...deployed } = deploy ?? { resources: {}, placement: {} };
  const command = options.command ?? (options.entrypoint === undefined ? rest.command : []);
  const definition: ServiceDefinition = {
    ...rest,
    ...(deploy === undefined ? {} : { deploy: deployed }),
    ...(options.servicePorts && ports !== undefined ? { ports } : {}),
    command,
    entrypoint: options.entrypoint ?? rest.entrypoint,
    tty: options.tty,
    stdin_open: options.interactive,
    ...(options.user === undefined ? {} : { user: options.user }),
    ...(options.workingDir === undefined ? {} : { working_dir: options.workingDir }),
    environment: { ...rest.environment, ...options.environment },
  };
  const { containerName: _own, ...others } = service;
  return { ...others, definition, restart: { name: 'no' } };
}
