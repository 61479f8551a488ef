import { expect, test } from 'vitest';
import type { ServiceState, StackSnapshot } from '../../shared/stack/stack-snapshot.ts';
import { logInstances, runningInstance } from './log-instances.ts';

const snapshot = (states: Record<string, [ServiceState, string[]]>) =>
  ({
    services: Object.entries(states).map(([name, [state, ids]]) => ({
      name,
      state,
      instances: ids.map((id) => ({ id, name: id })),
    })),
  }) as unknown as StackSnapshot;

test('names every instance, also those whose log has ended', () => {
  const now = snapshot({
    a: [{ kind: 'healthy' }, ['a1', 'a2']],
    b: [{ kind: 'failed', lastLines: [] }, ['b1']],
    c: [{ kind: 'absent' }, []],
  });
  expect(logInstances(now)).toEqual([
    { service: 'a', instanceId: 'a1', state: 'running' },
    { service: 'a', instanceId: 'a2', state: 'running' },
    { service: 'b', instanceId: 'b1', state: 'stopped' },
  ]);
});

test.each<[ServiceState['kind'], boolean]>([
  ['starting', true],
  ['running', true],
  ['healthy', true],
  ['unhealthy', true],
  ['paused', true],
  ['created', false],
  ['restarting', false],
  ['stopped', false],
  ['completed', false],
  ['failed', false],
])('a service that is %s can be followed and entered: %s', (kind, runs) => {
  const now = snapshot({ a: [{ kind } as ServiceState, ['a1']] });
  expect(runningInstance(now, 'a')).toBe(runs ? 'a1' : undefined);
});

test('has no shell to offer in a service that nobody knows', () => {
  expect(runningInstance(snapshot({}), 'x')).toBeUndefined();
});
