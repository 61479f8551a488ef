import { expect, test } from 'vitest';
import { serviceHash } from '../compose/canonical/definition-hash.ts';
import type { Project, Service } from '../compose/project.ts';
import { LABEL } from './labels.ts';
import type { ObservedState } from './observed-state.ts';
import { planScale } from './plan-scale.ts';
import {
  apply,
  changed,
  healthcheck,
  kinds,
  NOTHING,
  onVolume,
  port,
  project,
  scaledTo,
  service,
  started,
  up,
} from './plan-test-bed.ts';
import { planUp } from './plan-up.ts';

const one = (on: Project, name = 'a'): Service => {
  const found = on.services[name];
  if (found === undefined) throw new Error(`no service ${name}`);
  return found;
};
const updated = (change: Partial<Service>) => {
  const running = started(project(service('a', { ...change, environment: { V: '1' } })));
  return up(project(service('a', { ...change, environment: { V: '2' } })), running);
};
const orders = (change: Partial<Service>) =>
  updated(change).steps.flatMap(({ operation }) =>
    operation.kind === 'replace-container' ? [operation.order] : [],
  );
const bare = { command: null, entrypoint: null };
const deploy = (update_config: object) => ({
  definition: { ...bare, deploy: { resources: {}, placement: {}, update_config } },
});

test.each<[string, Partial<Service>, string]>([
  ['nothing in the way', { healthcheck }, 'start-first'],
  ['a port that the engine chooses', { ports: [{ hostIp: '', target: 80, protocol: 'tcp' }] }, 'start-first'],
  ['a fixed port', { ports: port(8080) }, 'stop-first'],
  [
    'a range with room for one more',
    { ports: [{ hostIp: '', published: 9000, publishedEnd: 9001, target: 80, protocol: 'tcp' }] },
    'start-first',
  ],
  ['a container name, which the new one takes over', { containerName: 'x' }, 'start-first'],
  ["the host's network", { definition: { ...bare, network_mode: 'host' } }, 'stop-first'],
  [
    'a fixed address',
    { definition: { ...bare, networks: { default: { ipv4_address: '10.213.1.2' } } } },
    'stop-first',
  ],
  ['a volume that two would write to', { volumes: onVolume }, 'stop-first'],
  [
    'a volume that is only read',
    { volumes: [{ kind: 'volume', source: 'v', target: '/d', readOnly: true }] },
    'start-first',
  ],
  ['a wish for one after the other', deploy({ order: 'stop-first' }), 'stop-first'],
  [
    'a volume, and a wish for both',
    { volumes: onVolume, ...deploy({ order: 'start-first' }) },
    'start-first',
  ],
  ['a port, and a wish for both', { ports: port(80), ...deploy({ order: 'start-first' }) }, 'stop-first'],
])('with %s', (_what, change, order) => {
  expect(orders(change)).toEqual([order]);
});

test('says how long nothing answers', () => {
  const downtime = (change: Partial<Service>) => updated(change).services?.[0];
  expect(downtime({})).toMatchObject({ action: 'replace', downtime: 'none', replicas: { from: 1, to: 1 } });
  expect(downtime({ ports: port(80) })).toMatchObject({ action: 'replace', downtime: 'short' });
  expect(downtime({ replicas: 2, ...deploy({ order: 'stop-first' }) })).toMatchObject({ downtime: 'none' });
  expect(downtime({ replicas: 2, ...deploy({ order: 'stop-first', parallelism: 0 }) })).toMatchObject({
    downtime: 'short',
  });
});

test('replaces instances in turns, so that the others answer meanwhile', () => {
  const inTurns = updated({ replicas: 3, ...deploy({ delay: '1s', monitor: '500ms' }) }).steps;
  expect(inTurns.map(({ dependsOn }) => dependsOn)).toEqual([
    [],
    ['replace-container:a-1'],
    ['replace-container:a-2'],
  ]);
  expect(inTurns.map(({ operation }) => operation)).toMatchObject([
    { monitorMs: 500, delayMs: 1000 },
    { monitorMs: 500, delayMs: 1000 },
    { monitorMs: 500 },
  ]);
  expect(inTurns[2]?.operation).not.toHaveProperty('delayMs');
  const pairs = updated({ replicas: 3, ...deploy({ parallelism: 2 }) }).steps;
  expect(pairs.map(({ dependsOn }) => dependsOn)).toEqual([
    [],
    [],
    ['replace-container:a-1', 'replace-container:a-2'],
  ]);
});

test('recreates what does not run, since nothing is lost with it', () => {
  const running = changed(started(project(service('a'))), 'a', { state: 'exited', exitCode: 1 });
  expect(kinds(up(project(service('a', { environment: { V: '2' } })), running))).toEqual([
    'recreate-container a',
    'start-container a',
    'wait-container a',
  ]);
});

test('keeps a container that Compose made of the same configuration, and says what it can of another', () => {
  const on = project(service('a'));
  const made = started(on);
  const { [LABEL.config]: _ours, ...labels } = made.containers[0]?.labels ?? {};
  const byCompose = changed(made, 'a', { labels, configHash: serviceHash(one(on).definition) });
  expect(up(on, byCompose).steps).toEqual([]);
  const [step] = up(project(service('a', { environment: { V: '2' } })), byCompose).steps;
  expect(step?.cause).toMatchObject({ kind: 'config_changed', text: 'its configuration changed' });
  const withFiles = project(service('a', { mountsHash: 'x' }));
  expect(up(withFiles, byCompose).steps).toEqual([]);
  expect(up(withFiles, made).steps[0]?.cause.kind).toBe('mounts_changed');
});

test('creates numbers above the highest, and removes the outdated, then the highest', () => {
  const three = project(service('a', { replicas: 3 }));
  const running = started(three);
  const two = { ...running, containers: running.containers.filter(({ number }) => number !== 2) };
  expect(up(three, two).steps.map(({ id }) => id)).toEqual([
    'create-container:a-4',
    'start-container:a-4',
    'wait-container:a-4',
  ]);
  const removed = (state: ObservedState, replicas: number) =>
    planScale(three, state, { engine: 'docker', scale: { a: replicas } }).steps.flatMap(({ operation }) =>
      operation.kind === 'remove-container'
        ? state.containers.filter(({ id }) => id === operation.containerId).map(({ number }) => number)
        : [],
    );
  expect(removed(running, 2)).toEqual([3]);
  expect(removed(running, 0).sort()).toEqual([1, 2, 3]);
  const outdated = running.containers.map((container) =>
    container.number === 1 ? { ...container, configHash: 'old' } : container,
  );
  expect(removed({ ...running, containers: outdated }, 2)).toEqual([1]);
});

test('scaling says from how many to how many, and comes to rest', () => {
  const on = project(service('a'));
  const plan = planScale(on, started(on), { engine: 'docker', scale: { a: 3 } });
  expect(plan.services).toEqual([
    {
      service: 'a',
      action: 'scale',
      causes: [{ kind: 'scale', text: '3 instances are wanted, 1 exist', params: { from: '1', to: '3' } }],
      replicas: { from: 1, to: 3 },
      downtime: 'none',
    },
  ]);
  const state = apply(plan, started(on), scaledTo(on, { a: 3 }));
  expect(planScale(on, state, { engine: 'docker', scale: { a: 3 } }).steps).toEqual([]);
});

test('refuses several containers of one name, and a wait for health where there is no check', () => {
  const named = project(service('a', { containerName: 'x' }));
  expect(() => up(named, NOTHING, { scale: { a: 2 } })).toThrow(/container_name x/);
  const waits = { db: { condition: 'service_healthy' as const, restart: false, required: true } };
  const on = project(
    service('db', { healthcheck: { disabled: true } }),
    service('web', { dependsOn: waits }),
  );
  expect(() => up(on, NOTHING)).toThrow(/db has no health check/);
  const unknown = project(service('db'), service('web', { dependsOn: waits }));
  expect(() => up(unknown, NOTHING)).not.toThrow();
  const known = { ...NOTHING, images: { 'db:1': { id: 'i', hasHealthcheck: false } } };
  expect(() => up(unknown, known)).toThrow(/db has no health check/);
});

test('replaces who shares the network of a replaced container, after it', () => {
  const child = service('b', { networks: {}, definition: { ...bare, network_mode: 'service:a' } });
  const running = started(project(service('a'), child));
  expect(up(project(service('a'), child), running).steps).toEqual([]);
  const plan = up(project(service('a', { environment: { V: '2' } }), child), running);
  expect(plan.steps.map(({ cause, dependsOn, id }) => [id, cause.kind, dependsOn])).toEqual([
    ['replace-container:a-1', 'config_changed', []],
    ['replace-container:b-1', 'shared_container', ['replace-container:a-1']],
  ]);
});

test('ports that two services swap are given up before either starts again', () => {
  const running = started(project(service('a', { ports: port(81) }), service('b', { ports: port(82) })));
  const plan = up(project(service('a', { ports: port(82) }), service('b', { ports: port(81) })), running);
  const starts = plan.steps.filter(({ operation }) => operation.kind === 'start-container');
  expect(starts).toHaveLength(2);
  expect(plan.steps.filter(({ operation }) => operation.kind === 'stop-container')).toHaveLength(2);
});

test('a volume whose definition changed keeps its data: it is told and left alone', () => {
  const on = project(service('a', { volumes: onVolume }));
  const [volume] = Object.values(on.volumes);
  if (volume === undefined) throw new Error('no volume');
  const other = { ...on, volumes: { v: { ...volume, definition: { name: 'p_v', driver: 'other' } } } };
  const plan = up(other, started(on));
  expect(plan.steps).toEqual([]);
  expect(plan.services?.[0]).toMatchObject({ action: 'none', causes: [{ kind: 'volume_changed' }] });
});

test('reports orphans, and removes them only when asked to', () => {
  const running = started(project(service('a'), service('old')));
  const on = project(service('a'));
  expect(up(on, running).steps).toEqual([]);
  expect(up(on, running).services?.[1]).toMatchObject({
    service: 'old',
    action: 'none',
    causes: [{ kind: 'orphan' }],
  });
  const plan = up(on, running, { removeOrphans: true });
  expect(kinds(plan)).toEqual(['stop-container old', 'remove-container old']);
  expect(plan.services?.[1]).toMatchObject({ service: 'old', action: 'remove', downtime: 'stopped' });
});

test('chosen services bring their dependencies; only they are made anew on request', () => {
  const dependsOn = { a: { condition: 'service_started' as const, restart: false, required: true } };
  const on = project(service('a'), service('b', { dependsOn }), service('c'));
  const created = (plan: ReturnType<typeof up>) =>
    plan.steps.flatMap(({ operation }) => (operation.kind === 'create-container' ? [operation.service] : []));
  expect(created(up(on, NOTHING, { services: ['b'] }))).toEqual(['a', 'b']);
  expect(created(up(on, NOTHING, { services: ['b'], noDeps: true }))).toEqual(['b']);
  expect(kinds(up(on, started(on), { services: ['b'], forceRecreate: true }))).toEqual([
    'replace-container b',
  ]);
  expect(kinds(up(on, NOTHING, { services: ['a'], noStart: true })).at(-1)).toBe('create-container a');
  expect(() => up(on, NOTHING, { services: ['x'] })).toThrow(/no service x/);
});

test('fetches as the policy or the person says, and looks again where only the result tells', () => {
  const on = project(service('a', { pullPolicy: 'refresh', pullEveryMs: 1000 }), service('b'));
  const running = started(on);
  const aged = {
    ...running,
    images: { ...running.images, 'a:1': { id: running.images['a:1']?.id ?? '', taggedAt: 0 } },
  };
  expect(up(on, aged, { now: 999 }).steps).toEqual([]);
  const due = up(on, aged, { now: 1000 });
  expect(kinds(due)).toEqual(['pull-image a']);
  expect(due.replan).toBe(true);
  expect(kinds(up(on, aged, { now: 1000, pull: 'never' }))).toEqual([]);
  expect(kinds(up(on, aged, { pull: 'always' }))).toEqual(['pull-image a', 'pull-image b']);
  const fetched = apply(due, aged, on);
  expect(kinds(up(on, fetched, { now: 1000, pull: 'missing' }))).toEqual(['replace-container a']);
});

test('an image that another tool built serves until a build is asked for', () => {
  const build = { context: '/w', dockerfile: 'Dockerfile', args: {}, labels: {} };
  const on = project(service('a', { build }));
  const running = started(on);
  expect(up(on, running, { buildHashes: { a: 'x' } }).steps).toEqual([]);
  expect(kinds(up(on, running, { buildHashes: { a: 'x' }, build: true }))).toEqual(['build-image a']);
});

test('the sandbox ends the old process before it starts the new one', () => {
  const sandbox = (level: string) => ({
    skilldeck: {
      role: 'other' as const,
      sandbox: { command: ['x'], workingDir: '.', environment: { level } },
    },
  });
  const before = project(service('a', sandbox('1')));
  const options = { engine: 'sandbox' as const };
  const running = changed(started(before), 'a', {});
  const inSandbox = {
    ...running,
    containers: running.containers.map((container) => ({ ...container, configHash: 'old' })),
  };
  const plan = planUp(project(service('a', sandbox('2'))), inSandbox, options);
  expect(kinds(plan)).toEqual(['recreate-container a', 'start-container a', 'wait-container a']);
  expect(plan.services?.[0]?.downtime).toBe('short');
});
