import { AppError } from '../../shared/errors/app-error.ts';
import type { Project } from '../compose/project.ts';
import type { PortOwner } from '../doctor/port-owner.ts';
import type { PortHolder, StackEngine } from '../engine/stack-engine.ts';
import type { ObservedState } from '../plan/observed-state.ts';
import type { Plan } from '../plan/operation.ts';

const HOLDER_LIMIT_MS = 3000;

export interface PortProbe {
  /** Whether a server could listen there now. */
  isFree(hostIp: string, port: number): Promise<boolean>;
  /** Who listens there; undefined when it cannot be found out. */
  owner(port: number): Promise<PortOwner | undefined>;
}

export interface WantedPort {
  readonly service: string;
  readonly hostIp: string;
  readonly port: number;
}

/** Ports that the plan's starts will ask for and that the stack does not hold itself already. */
export function wantedPorts(project: Project, observed: ObservedState, plan: Plan): readonly WantedPort[] {
  const starting = new Set(
    plan.steps.flatMap(({ operation }) => (operation.kind === 'start-container' ? [operation.service] : [])),
  );
  // Also those of services that keep running: a second one on the same port could never start.
  const running = observed.containers.filter((container) =>
    ['running', 'paused', 'restarting'].includes(container.state),
  );
  const held = new Set(
    running.flatMap((container) => [
      ...container.ports.map((port) => port.hostPort),
      ...(project.services[container.service]?.ports ?? []).map((port) => port.published),
    ]),
  );
  return Object.values(project.services)
    .filter((service) => starting.has(service.name))
    .flatMap((service) =>
      service.ports.flatMap(({ hostIp, published, protocol }) =>
        published === undefined || protocol !== 'tcp' || held.has(published)
          ? []
          : [{ service: service.name, hostIp: hostIp === '' ? '0.0.0.0' : hostIp, port: published }],
      ),
    );
}

/** @throws AppError `port.in_use` for the first port that somebody else has. */
export async function checkPorts(
  ports: readonly WantedPort[],
  env: Readonly<Record<string, string | undefined>>,
  probe: PortProbe,
  engine?: Pick<StackEngine, 'findPortHolder'>,
): Promise<void> {
  for (const { hostIp, port, service } of ports) {
    if (await probe.isFree(hostIp, port)) continue;
    // To the system a published port belongs to the engine; only that knows for which container.
    const holder = await engine
      ?.findPortHolder?.(port, AbortSignal.timeout(HOLDER_LIMIT_MS))
      .catch(() => undefined);
    const owner = holder === undefined ? await probe.owner(port).catch(() => undefined) : undefined;
    const variable = portVariable(env, port);
    const by = holder === undefined ? processWords(owner) : containerWords(holder);
    throw new AppError('port.in_use', `Port ${port}, which ${service} needs, is used by ${by}.`, {
      hint:
        variable === undefined
          ? 'Stop the other program, or change the port in the compose file.'
          : `Stop the other program, or change ${variable} in .env.`,
      params: {
        port,
        service,
        owner: holder?.container ?? owner?.name ?? '',
        pid: owner?.pid ?? 0,
        ...(holder === undefined ? {} : { container: holder.container, project: holder.project ?? '' }),
        variable: variable ?? '',
      },
    });
  }
}

function processWords(owner: PortOwner | undefined): string {
  return owner === undefined ? 'another program' : `${owner.name} (process ${owner.pid})`;
}

function containerWords({ container, project }: PortHolder): string {
  return project === undefined ? `the container ${container}` : `the container ${container} of ${project}`;
}

/** Defaults of the bundled compose file, for an `.env` that leaves them out. */
const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  GATEWAY_PORT: 8080,
  FILE_MANAGER_PORT: 8081,
  HTTPS_PORT: 8443,
};

/** The setting of `.env` that says this port. */
export function portVariable(
  env: Readonly<Record<string, string | undefined>>,
  port: number,
): string | undefined {
  const written = Object.entries(env).find(
    ([name, value]) => name.endsWith('PORT') && value === String(port),
  )?.[0];
  if (written !== undefined) return written;
  return Object.entries(DEFAULT_PORTS).find(
    ([name, value]) => value === port && (env[name] ?? '') === '',
  )?.[0];
}
