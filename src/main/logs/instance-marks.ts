/** An instance of a service as the stack's snapshot tells it. */
export interface LogInstance {
  readonly service: string;
  readonly instanceId: string;
  readonly state: 'running' | 'stopped';
}

export interface LogMark {
  readonly service: string;
  readonly text: 'started' | 'stopped' | 'recreated' | 'removed';
}

/** What happened to the instances between two snapshots, for the lines that the panel puts between the logs. */
export function instanceMarks(
  before: readonly LogInstance[],
  now: readonly LogInstance[],
): readonly LogMark[] {
  const old = new Map(before.map((instance) => [instance.instanceId, instance]));
  const current = new Set(now.map(({ instanceId }) => instanceId));
  const gone = before.filter(({ instanceId }) => !current.has(instanceId));
  const replaced = new Set<string>();
  const marks = now.flatMap(({ service, instanceId, state }): LogMark[] => {
    const known = old.get(instanceId);
    if (!known && gone.some((other) => other.service === service)) {
      replaced.add(service);
      return [{ service, text: 'recreated' }];
    }
    if (state === 'running' && known?.state !== 'running') return [{ service, text: 'started' }];
    if (state === 'stopped' && known?.state === 'running') return [{ service, text: 'stopped' }];
    return [];
  });
  const removed = gone
    .filter(({ service }) => !replaced.has(service))
    .map(({ service }): LogMark => ({ service, text: 'removed' }));
  return [...marks, ...removed];
}
