import type { ServiceState } from '../../shared/stack/stack-snapshot.ts';
import type { Service } from '../compose/project.ts';
import type { ObservedContainer } from '../plan/observed-state.ts';

/** What a process reports that was told to stop: 0, SIGINT, SIGKILL after the grace period, SIGTERM. */
const STOP_CODES = new Set([0, 130, 137, 143]);
const GOOD: ReadonlySet<ServiceState['kind']> = new Set(['healthy', 'running', 'starting', 'completed']);
/** Of instances that are not as they should be, the one that says most about the service. */
const TELLING = ['failed', 'unhealthy', 'restarting', 'paused', 'created', 'stopped'] as const;

export interface StateIntent {
  /** It is there to do its work and end: exit 0 is then success. */
  readonly completes: boolean;
  /** Last lines of the container, where they have been read. */
  readonly lastLines: readonly string[];
}

/** What one instance amounts to for a person, given what it is there for. */
export function instanceState(container: ObservedContainer, intent: StateIntent): ServiceState {
  const since = container.startedAt === undefined ? {} : { since: container.startedAt };
  switch (container.state) {
    case 'created':
      return { kind: 'created' };
    case 'paused':
      return { kind: 'paused' };
    case 'restarting':
      return {
        kind: 'restarting',
        ...(container.exitCode === undefined ? {} : { exitCode: container.exitCode }),
      };
    case 'running':
      if (container.health === 'unhealthy')
        return { kind: 'unhealthy', ...since, output: container.healthOutput };
      if (container.health === 'starting') return { kind: 'starting', ...since };
      return { kind: container.health === 'healthy' ? 'healthy' : 'running', ...since };
    default:
      return exitedState(container, intent);
  }
}

/** What the instances of a service amount to together; `wanted` of them should be there. */
export function serviceState(states: readonly ServiceState[], wanted: number): ServiceState {
  const good = states.filter((state) => GOOD.has(state.kind));
  const worst = TELLING.map((kind) => states.find((state) => state.kind === kind)).find(
    (state) => state !== undefined,
  );
  if (good.length === 0) return worst ?? { kind: 'absent' };
  if (good.length < wanted)
    return {
      kind: 'degraded',
      running: good.length,
      wanted,
      output: worst === undefined ? '' : words(worst),
    };
  return (
    good.find((state) => state.kind === 'starting') ??
    good.find((state) => state.kind === 'running') ??
    good.find((state) => state.kind === 'healthy') ?? { kind: 'completed' }
  );
}

/** Whether an instance in this state is as it should be. */
export function isGood(state: ServiceState): boolean {
  return GOOD.has(state.kind);
}

/**
 * Whether the service is there to do its work and end. Others that wait for its end say so; without them it is one
 * that nobody could miss: no restart, no health check, no port, and nobody waits for it to run.
 */
export function completes(service: Service, all: readonly Service[]): boolean {
  const conditions = all.flatMap((other) => other.dependsOn[service.name]?.condition ?? []);
  if (conditions.includes('service_completed_successfully')) return true;
  const watched = service.healthcheck !== undefined && !service.healthcheck.disabled;
  return conditions.length === 0 && service.restart.name === 'no' && !watched && service.ports.length === 0;
}

/** Whether the last lines of this instance are worth reading. */
export function hasFailed(container: ObservedContainer): boolean {
  if (container.state === 'dead' || container.oomKilled) return true;
  return container.state === 'exited' && !STOP_CODES.has(container.exitCode ?? 0);
}

function exitedState(container: ObservedContainer, intent: StateIntent): ServiceState {
  if (hasFailed(container))
    return {
      kind: 'failed',
      ...(container.exitCode === undefined ? {} : { exitCode: container.exitCode }),
      ...(container.oomKilled ? { oomKilled: true } : {}),
      lastLines: [...intent.lastLines],
    };
  return { kind: intent.completes && container.exitCode === 0 ? 'completed' : 'stopped' };
}

function words(state: ServiceState): string {
  if (state.kind === 'unhealthy') return state.output;
  return state.kind === 'failed' ? state.lastLines.join('\n') : '';
}
