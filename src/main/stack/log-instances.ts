import type { ServiceState, StackSnapshot } from '../../shared/stack/stack-snapshot.ts';
import type { LogInstance } from '../logs/instance-marks.ts';

const RUNNING: ReadonlySet<ServiceState['kind']> = new Set([
  'starting',
  'running',
  'healthy',
  'unhealthy',
  'paused',
]);

/** What the log service needs of a snapshot. */
export function logInstances(snapshot: StackSnapshot): readonly LogInstance[] {
  return snapshot.services.flatMap(({ name, state, instances }) =>
    instances.map(({ id }) => ({
      service: name,
      instanceId: id,
      state: RUNNING.has(state.kind) ? ('running' as const) : ('stopped' as const),
    })),
  );
}

/** The instance that a shell opens in: the first one, while the service runs. */
export function runningInstance(snapshot: StackSnapshot, service: string): string | undefined {
  return logInstances(snapshot).find(
    (instance) => instance.service === service && instance.state === 'running',
  )?.instanceId;
}
