import type { LogMark } from '../../shared/logs/logs-contract.ts';

/** An instance of a service as the stack's snapshot tells it. */
export interface LogInstance {
  readonly service: string;
  readonly instanceId: string;
  readonly state: 'running' | 'stopped';
}

export interface InstanceMark {
  readonly service: string;
  readonly mark: LogMark;
}

/** What happened to the instances between two snapshots, for the lines that the panel puts between the logs. */
export function instanceMarks(
  before: readonly LogInstance[],
  now: readonly LogInstance[],
): readonly InstanceMark[] {
  const old = new Map(before.map((instance) => [instance.instanceId, instance]));
  const current = new Set(now.map(({ instanceId }) => instanceId));
  const gone = before.filter(({ instanceId }) => !current.has(instanceId));
  const replaced = new Set<string>();
  const marks = now.flatMap(({ service, instanceId, state }): InstanceMark[] => {
    const known = old.get(instanceId);
    if (!known && gone.some((other) => other.service === service)) {
      replaced.add(service);
      return [{ service, mark: 'recreated' }];
    }
    if (state === 'running' && known?.state !== 'running') return [{ service, mark: 'started' }];
    if (state === 'stopped' && known?.state === 'running') return [{ service, mark: 'stopped' }];
    return [];
  });
  const removed = gone
    .filter(({ service }) => !replaced.has(service))
    .map(({ service }): InstanceMark => ({ service, mark: 'removed' }));
  return [...marks, ...removed];
}
