import { AppError } from '../../shared/errors/app-error.ts';
import { type Phrase, phrase } from '../../shared/errors/phrases/phrase.ts';
import type { PortOwner } from '../doctor/port-owner.ts';
import type { PortHolder, StackEngine } from '../engine/stack-engine.ts';
import { range, type WantedPort } from './wanted-ports.ts';

const HOLDER_LIMIT_MS = 3000;
/** Of a range; more are not tried. */
const MAX_TRIED = 1000;

export interface PortProbe {
  /** Whether a server could listen there now. */
  isFree(hostIp: string, port: number): Promise<boolean>;
  /** Who listens there; undefined when it cannot be found out. */
  owner(port: number): Promise<PortOwner | undefined>;
}

/** Of an engine on another machine only its own containers are known to hold ports. */
export function portsOfEngine(engine: Pick<StackEngine, 'findPortHolder'>): PortProbe {
  return {
    isFree: async (_hostIp, port) => {
      const holder = await engine
        .findPortHolder?.(port, AbortSignal.timeout(HOLDER_LIMIT_MS))
        .catch(() => undefined);
      return holder === undefined;
    },
    owner: async () => undefined,
  };
}

/** @throws AppError `port.in_use` for the first port that somebody else has, or that too many instances want. */
export async function checkPorts(
  ports: readonly WantedPort[],
  env: Readonly<Record<string, string | undefined>>,
  probe: PortProbe,
  engine?: Pick<StackEngine, 'findPortHolder'>,
): Promise<void> {
  for (const wanted of ports) {
    const missing = await firstMissing(wanted, probe);
    if (missing === undefined) continue;
    const { port, isTaken } = missing;
    const { count = 1, service } = wanted;
    if (!isTaken) throw tooFewPorts(wanted, count);
    // To the system a published port belongs to the engine; only that knows for which container.
    const holder = await engine
      ?.findPortHolder?.(port, AbortSignal.timeout(HOLDER_LIMIT_MS))
      .catch(() => undefined);
    const owner = holder === undefined ? await probe.owner(port).catch(() => undefined) : undefined;
    const variable = portVariable(env, port);
    const by = holder === undefined ? processWords(owner) : containerWords(holder);
    throw new AppError('port.in_use', phrase('port_used_by', { port, service, by }), {
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

/** The port that stands in the way; of a range one that is taken, when too few are free. */
async function firstMissing(
  wanted: WantedPort,
  probe: PortProbe,
): Promise<{ readonly port: number; readonly isTaken: boolean } | undefined> {
  const { hostIp, port, last = port, count = 1 } = wanted;
  let free = 0;
  let busy: number | undefined;
  for (const candidate of range(port, Math.min(last, port + MAX_TRIED))) {
    if (await probe.isFree(hostIp, candidate)) free += 1;
    else busy ??= candidate;
    if (free >= count) return undefined;
  }
  return { port: busy ?? port, isTaken: busy !== undefined };
}

function tooFewPorts({ last, port, service }: WantedPort, count: number): AppError {
  const ports =
    last === undefined ? phrase('one_port', { port }) : phrase('port_range', { first: port, last });
  return new AppError('port.in_use', phrase('ports_not_shared', { number: count, service, ports }), {
    hint: 'Publish a range with a port for each instance, or leave the published port out.',
    params: { port, service, owner: service, pid: 0, variable: '' },
  });
}

function processWords(owner: PortOwner | undefined): Phrase {
  return owner === undefined
    ? phrase('another_program')
    : phrase('program', { name: owner.name, pid: owner.pid });
}

function containerWords({ container, project }: PortHolder): Phrase {
  return project === undefined
    ? phrase('container', { container })
    : phrase('container_of', { container, project });
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
