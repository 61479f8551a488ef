import { AppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';
import type { ServiceState, StackSnapshot } from '../../shared/stack/stack-snapshot.ts';
import type { LogInstance } from '../logs/instance-marks.ts';

const RUNNING: ReadonlySet<ServiceState['kind']> = new Set([
  'starting',
  'running',
  'healthy',
  'unhealthy',
  'degraded',
  'paused',
]);

/** What the log service needs of a snapshot. */
export function logInstances(snapshot: StackSnapshot): readonly LogInstance[] {
  return snapshot.services.flatMap(({ name, state, instances }) =>
    instances.map((instance) => ({
      service: name,
      instanceId: instance.id,
      state: RUNNING.has((instance.state ?? state).kind) ? ('running' as const) : ('stopped' as const),
    })),
  );
}

/**
 * The instance that a shell opens in: the one that was asked for, else the first that runs.
 *
 * @throws AppError `service.unknown` for an instance that is not one of this service.
 */
export function runningInstance(
  snapshot: StackSnapshot,
  service: string,
  instanceId?: string,
): string | undefined {
  const own = logInstances(snapshot).filter((instance) => instance.service === service);
  if (instanceId !== undefined && !own.some((instance) => instance.instanceId === instanceId))
    throw new AppError('service.unknown', phrase('instance_gone', { service }), {
      params: { service },
    });
  return own.find(
    (instance) =>
      instance.state === 'running' && (instanceId === undefined || instance.instanceId === instanceId),
  )?.instanceId;
}
