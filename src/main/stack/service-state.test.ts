import { describe, expect, test } from 'vitest';
import type { ServiceState } from '../../shared/stack/stack-snapshot.ts';
import type { Service } from '../compose/project.ts';
import type { ObservedContainer } from '../plan/observed-state.ts';
import { completes, instanceState, serviceState } from './service-state.ts';
import { stackState } from './stack-state.ts';

const container = (part: Partial<ObservedContainer>): ObservedContainer => ({
  id: 'c',
  name: 'p-s-1',
  service: 's',
  number: 1,
  configHash: '',
  imageId: '',
  imageRef: '',
  state: 'running',
  health: 'none',
  healthOutput: '',
  oomKilled: false,
  ports: [],
  networks: [],
  labels: {},
  ...part,
});
const kind = (part: Partial<ObservedContainer>, ends = false) =>
  instanceState(container(part), { completes: ends, lastLines: ['last'] }).kind;
const state = (name: ServiceState['kind']): ServiceState => {
  switch (name) {
    case 'unhealthy':
      return { kind: name, output: 'probe said no' };
    case 'failed':
      return { kind: name, lastLines: ['boom'] };
    case 'degraded':
      return { kind: name, running: 1, wanted: 2, output: '' };
    default:
      return { kind: name };
  }
};

describe('one instance', () => {
  test.each([
    [{ health: 'starting' }, 'starting'],
    [{ health: 'healthy' }, 'healthy'],
    [{ health: 'unhealthy' }, 'unhealthy'],
    [{}, 'running'],
    [{ state: 'paused' }, 'paused'],
    [{ state: 'created' }, 'created'],
    [{ state: 'restarting', exitCode: 1 }, 'restarting'],
    [{ state: 'exited', exitCode: 1 }, 'failed'],
    [{ state: 'dead' }, 'failed'],
    [{ state: 'exited', exitCode: 137, oomKilled: true }, 'failed'],
  ] as const)('%j is %s', (part, expected) => {
    expect(kind(part)).toBe(expected);
  });

  test.each([0, 130, 137, 143])('that ended with %i was told to stop', (exitCode) => {
    expect(kind({ state: 'exited', exitCode })).toBe('stopped');
  });

  test('that is there to end has completed with 0, and failed with anything else', () => {
    expect(kind({ state: 'exited', exitCode: 0 }, true)).toBe('completed');
    expect(kind({ state: 'exited', exitCode: 3 }, true)).toBe('failed');
  });
});

describe('a service', () => {
  test.each<[ServiceState['kind'][], number, ServiceState['kind']]>([
    [[], 1, 'absent'],
    [['healthy', 'healthy'], 2, 'healthy'],
    [['healthy', 'starting'], 2, 'starting'],
    [['running', 'healthy'], 2, 'running'],
    [['completed'], 1, 'completed'],
    [['healthy', 'failed'], 2, 'degraded'],
    [['healthy'], 3, 'degraded'],
    [['healthy', 'healthy'], 1, 'healthy'],
    [['failed', 'stopped'], 2, 'failed'],
    [['stopped', 'paused'], 2, 'paused'],
  ])('with instances %j of %i is %s', (kinds, wanted, expected) => {
    expect(serviceState(kinds.map(state), wanted).kind).toBe(expected);
  });

  test('that is degraded says how many, and what the bad one says', () => {
    expect(serviceState([state('healthy'), state('unhealthy')], 2)).toEqual({
      kind: 'degraded',
      running: 1,
      wanted: 2,
      output: 'probe said no',
    });
  });

  test('is there to end when another waits for that, or when nothing would miss it', () => {
    const service = (name: string, part: Partial<Service> = {}) =>
      ({ name, dependsOn: {}, restart: { name: 'no' }, ports: [], ...part }) as unknown as Service;
    const waitsFor = (condition: string) =>
      service('web', { dependsOn: { job: { condition, restart: false, required: true } } as never });
    const job = service('job');
    expect(completes(job, [job])).toBe(true);
    expect(completes(job, [job, waitsFor('service_completed_successfully')])).toBe(true);
    expect(completes(job, [job, waitsFor('service_started')])).toBe(false);
    expect(completes(service('job', { restart: { name: 'always' } }), [])).toBe(false);
    expect(completes(service('job', { healthcheck: { disabled: false } }), [])).toBe(false);
  });
});

describe('the stack', () => {
  test.each<[ServiceState['kind'][], string]>([
    [['healthy', 'running', 'completed'], 'running'],
    [['healthy', 'starting'], 'starting'],
    [['healthy', 'stopped'], 'degraded'],
    [['healthy', 'failed'], 'degraded'],
    [['degraded'], 'degraded'],
    [['failed', 'stopped'], 'failed'],
    [['stopped', 'absent'], 'stopped'],
    [['completed', 'completed'], 'running'],
    [[], 'stopped'],
  ])('of %j is %s', (kinds, expected) => {
    expect(stackState(kinds.map(state), true, undefined)).toBe(expected);
  });

  test('is what a run of all of it makes of it, and not what a run of one service does', () => {
    const run = (part: object) =>
      stackState([state('healthy')], true, { id: '1', outcome: 'running', steps: [], ...part } as never);
    expect(run({ kind: 'down' })).toBe('stopping');
    expect(run({ kind: 'up' })).toBe('starting');
    expect(run({ kind: 'restart', services: ['web'] })).toBe('running');
    expect(run({ kind: 'pull' })).toBe('running');
  });

  test('is unknown without an engine', () => {
    expect(stackState([state('healthy')], false, undefined)).toBe('unknown');
  });
});
