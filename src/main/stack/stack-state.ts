import type { RunKind, RunRecord } from '../../shared/stack/run-record.ts';
import type { ServiceState, StackState } from '../../shared/stack/stack-snapshot.ts';

/** What the whole stack is doing while such a run of all services is under way. */
const UNDER_WAY: Readonly<Partial<Record<RunKind, StackState>>> = {
  up: 'starting',
  start: 'starting',
  restart: 'starting',
  down: 'stopping',
  stop: 'stopping',
  kill: 'stopping',
  remove: 'stopping',
};
const GOOD: readonly ServiceState['kind'][] = ['healthy', 'running', 'starting', 'completed'];
const BROKEN: readonly ServiceState['kind'][] = ['failed', 'unhealthy', 'restarting', 'degraded'];

/** The stack in one word, from the services that should be there, unless a run of all of them is under way. */
export function stackState(
  states: readonly ServiceState[],
  connected: boolean,
  run: RunRecord | undefined,
): StackState {
  if (!connected) return 'unknown';
  const now = run?.outcome === 'running' && run.services === undefined ? UNDER_WAY[run.kind] : undefined;
  if (now !== undefined) return now;
  const up = states.filter((state) => GOOD.includes(state.kind));
  const alive =
    up.some((state) => state.kind !== 'completed') ||
    states.some((state) => state.kind === 'unhealthy' || state.kind === 'degraded');
  if (states.some((state) => BROKEN.includes(state.kind))) return alive ? 'degraded' : 'failed';
  // All of it was work to be done, and it is done.
  if (!alive && up.length > 0 && up.length === states.length) return 'running';
  if (!alive) return run?.kind === 'up' && run.outcome === 'failed' ? 'failed' : 'stopped';
  if (up.length < states.length) return 'degraded';
  return up.some((state) => state.kind === 'starting') ? 'starting' : 'running';
}
