import type { ServiceSnapshot, ServiceState } from '../../../shared/stack/stack-snapshot.ts';
import type { Tone } from '../../ui/status-dot.tsx';

const TONES: Record<ServiceState['kind'], Tone> = {
  absent: 'idle',
  created: 'idle',
  starting: 'busy',
  running: 'ok',
  healthy: 'ok',
  unhealthy: 'bad',
  degraded: 'warn',
  restarting: 'warn',
  paused: 'warn',
  stopped: 'idle',
  completed: 'ok',
  failed: 'bad',
};

export const serviceTone = (state: ServiceState): Tone => TONES[state.kind];

/** As the status bar counts: a service without a health check counts while it runs. */
export function isHealthy(state: ServiceState): boolean {
  return state.kind === 'healthy' || state.kind === 'running' || state.kind === 'completed';
}

/** Whether there is a process behind it that can be restarted, logged into and measured. */
export function isUp(state: ServiceState): boolean {
  return ['starting', 'running', 'healthy', 'unhealthy', 'degraded', 'restarting', 'paused'].includes(
    state.kind,
  );
}

/** Services that have containers which a stop can reach. */
export const stoppable = (services: readonly ServiceSnapshot[]): string[] =>
  services.filter(({ instances }) => instances.length > 0).map(({ name }) => name);
