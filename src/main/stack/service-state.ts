import type { RunRecord } from '../../shared/stack/run-record.ts';
import type { ServiceState, StackState } from '../../shared/stack/stack-snapshot.ts';
import type { ObservedContainer } from '../plan/observed-state.ts';

/** What a process reports that was told to stop: 0, SIGINT, SIGKILL after the grace period, SIGTERM. */
const STOP_CODES = new Set([0, 130, 137, 143]);

export interface StateIntent {
  /** True for one-shots that others wait for: exit 0 is then success. */
  readonly completes: boolean;
  /** Last lines of the container, where they have been read. */
  readonly lastLines: readonly string[];
}

/** What one instance amounts to for a person, given what it is there for. */
export function serviceState(container: ObservedContainer | undefined, intent: StateIntent): ServiceState {
  if (container === undefined) return { kind: 'absent' };
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

/** Whether the last lines of this instance are worth reading. */
export function hasFailed(container: ObservedContainer): boolean {
  if (container.state === 'dead' || container.oomKilled) return true;
  return container.state === 'exited' && !STOP_CODES.has(container.exitCode ?? 0);
}

/** The stack in one word, from its services alone unless a run is under way. */
export function stackState(
  states: readonly ServiceState[],
  connected: boolean,
  run: RunRecord | undefined,
): StackState {
  if (!connected) return 'unknown';
  if (run?.outcome === 'running') return run.kind === 'down' ? 'stopping' : 'starting';
  const up = states.filter((state) => ['healthy', 'running', 'starting', 'completed'].includes(state.kind));
  const broken = states.some((state) => ['failed', 'unhealthy', 'restarting'].includes(state.kind));
  const alive = up.some((state) => state.kind !== 'completed') || states.some((s) => s.kind === 'unhealthy');
  if (broken) return alive ? 'degraded' : 'failed';
  if (!alive) return run?.kind === 'up' && run.outcome === 'failed' ? 'failed' : 'stopped';
  if (up.length < states.length) return 'degraded';
  return up.some((state) => state.kind === 'starting') ? 'starting' : 'running';
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
