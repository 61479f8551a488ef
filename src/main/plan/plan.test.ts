import { expect, test } from 'vitest';
import { planDown } from './plan-down.ts';
import { planRestart } from './plan-restart.ts';
import {
  apply,
  healthcheck,
  kinds,
  NOTHING,
  needs,
  network,
  onVolume,
  project,
  service,
  started,
  up,
} from './plan-test-bed.ts';
import { planUp } from './plan-up.ts';

test('creates what a service has links to before it, as the engine takes links of a container that is there', () => {
  const linking = service('app', {
    definition: { command: null, entrypoint: null, links: ['db:database'] },
    dependsOn: needs('db', 'service_started'),
  });
  const plan = up(project(linking, service('db')), NOTHING);
  const create = plan.steps.find((step) => step.id === 'create-container:app-1');
  expect(create?.dependsOn).toContain('create-container:db-1');
});

test('starts what others wait for first and lets them wait for its health', () => {
  const on = project(
    service('db', { healthcheck, volumes: onVolume }),
    service('web', { dependsOn: needs('db', 'service_healthy') }),
  );
  const plan = up(on, NOTHING);
  expect(plan.steps.map((step) => step.id)).toEqual([
    'create-network:default',
    'create-volume:v',
    'pull-image:db',
    'create-container:db-1',
    'pull-image:web',
    'create-container:web-1',
    'start-container:db-1',
    'wait-container:db-1',
    'start-container:web-1',
    'wait-container:web-1',
  ]);
  const start = plan.steps.find((step) => step.id === 'start-container:web-1');
  expect(start?.dependsOn).toEqual(['create-container:web-1', 'wait-container:db-1']);
});

test('says in words which setting changed and hides secrets', () => {
  const before = project(service('web', { environment: { PORT: '8080', API_KEY: 'old-secret' } }));
  const after = project(service('web', { environment: { PORT: '8081', API_KEY: 'new-secret', EXTRA: '1' } }));
  const running = apply(up(before, NOTHING), NOTHING, before);
  const step = up(after, running).steps.find((one) => one.operation.kind === 'replace-container');
  expect(step?.cause).toEqual({
    kind: 'config_changed',
    text: 'API_KEY changed (value hidden), EXTRA added, PORT changed 8080 → 8081',
    params: { changes: 'API_KEY ••• → •••, EXTRA (+), PORT 8080 → 8081' },
    changes: [
      { path: 'environment.API_KEY', from: '•••', to: '•••', secret: true },
      { path: 'environment.EXTRA', to: '1' },
      { path: 'environment.PORT', from: '8080', to: '8081' },
    ],
  });
  expect(JSON.stringify(running)).not.toContain('old-secret');
});

test('recreates nothing for changed dependencies, profiles or pull policy', () => {
  const before = project(service('a'), service('b'));
  const running = apply(up(before, NOTHING), NOTHING, before);
  const after = project(
    service('a'),
    service('b', { dependsOn: needs('a', 'service_started'), profiles: ['x'], pullPolicy: 'never' }),
  );
  expect(up(after, running).steps).toEqual([]);
});

test('leaves a finished one-shot alone and starts a service that somebody stopped', () => {
  const on = project(
    service('setup'),
    service('web', { dependsOn: needs('setup', 'service_completed_successfully') }),
  );
  const running = apply(up(on, NOTHING), NOTHING, on);
  const containers = running.containers.map((container) =>
    container.service === 'web' ? { ...container, state: 'exited' as const, exitCode: 143 } : container,
  );
  expect(up(on, { ...running, containers }).steps.map((step) => step.id)).toEqual([
    'start-container:web-1',
    'wait-container:web-1',
  ]);
});

test('restarts an unhealthy service and what asked to be restarted with it', () => {
  const on = project(
    service('db', { healthcheck }),
    service('web', { dependsOn: { db: { condition: 'service_healthy', restart: true, required: true } } }),
  );
  const running = apply(up(on, NOTHING), NOTHING, on);
  const containers = running.containers.map((container) =>
    container.service === 'db' ? { ...container, health: 'unhealthy' as const } : container,
  );
  const kinds = up(on, { ...running, containers }).steps.map(
    ({ cause, operation }) =>
      `${operation.kind} ${'service' in operation ? operation.service : ''} ${cause.kind}`,
  );
  expect(kinds).toEqual([
    'stop-container db unhealthy',
    'start-container db unhealthy',
    'wait-container db unhealthy',
    'stop-container web dependency',
    'start-container web dependency',
    'wait-container web dependency',
  ]);
});

test('makes a changed network anew while all on it are stopped, after what takes time', () => {
  const before = project(service('a'), service('b', { dependsOn: needs('a', 'service_started') }));
  const running = started(before);
  const { 'b:1': _removed, ...images } = running.images;
  const mtu = network('default', { mtu: '1400' });
  const after = { ...before, networks: { ...before.networks, default: mtu } };
  const plan = up(after, { ...running, images });
  expect(kinds(plan)).toEqual([
    'pull-image b',
    'stop-container b',
    'stop-container a',
    'remove-network',
    'create-network',
    'recreate-container a',
    'recreate-container b',
    'start-container a',
    'start-container b',
    'wait-container a',
    'wait-container b',
  ]);
  expect(plan.services?.map(({ action, causes, downtime }) => [action, causes[0]?.kind, downtime])).toEqual([
    ['replace', 'network_changed', 'short'],
    ['replace', 'network_changed', 'short'],
  ]);
  expect(up(after, apply(plan, { ...running, images }, after)).steps).toEqual([]);
});

test('builds again when the files of a build changed, then replaces the container', () => {
  const build = { context: '/w/a', dockerfile: 'Dockerfile', args: {}, labels: {} };
  const on = project(service('a', { build }));
  const built = started(on);
  const running = { ...built, images: { 'a:1': { id: built.images['a:1']?.id ?? '', buildHash: 'old' } } };
  const plan = planUp(on, running, { engine: 'docker', buildHashes: { a: 'new' } });
  expect(plan.steps.map((step) => `${step.operation.kind} ${step.cause.kind}`)).toEqual([
    'build-image build_context_changed',
    'replace-container build_context_changed',
  ]);
});

test('the sandbox runs only services that say how, without images and networks', () => {
  const sandbox = { command: ['node', 'x.js'], workingDir: './a', environment: {} };
  const on = project(
    service('a', { skilldeck: { role: 'gateway', sandbox }, dependsOn: needs('b', 'service_healthy') }),
    service('b'),
  );
  expect(planUp(on, NOTHING, { engine: 'sandbox' }).steps.map((step) => step.id)).toEqual([
    'create-container:a-1',
    'start-container:a-1',
    'wait-container:a-1',
  ]);
});

test('takes down by labels alone, dependants first, and leaves volumes', () => {
  const on = project(service('a'), service('b', { dependsOn: needs('a', 'service_started') }));
  const running = apply(up(on, NOTHING), NOTHING, on);
  const plan = planDown(running);
  expect(plan.steps.map((step) => step.operation.kind)).toEqual([
    'stop-container',
    'remove-container',
    'stop-container',
    'remove-container',
    'remove-network',
  ]);
  expect(plan.steps[0]?.operation).toMatchObject({ service: 'b' });
  expect(apply(plan, running, on)).toMatchObject({ containers: [], networks: [] });
});

test('a restart of one service touches no other', () => {
  const on = project(service('a'), service('b', { dependsOn: needs('a', 'service_started') }));
  const running = apply(up(on, NOTHING), NOTHING, on);
  const plan = planRestart(on, running, { engine: 'docker', service: 'a' });
  expect(plan.steps.map((step) => step.operation.kind)).toEqual([
    'stop-container',
    'start-container',
    'wait-container',
  ]);
});

test('plans 100 services in far less than a frame budget allows to hang', () => {
  const services = Array.from({ length: 100 }, (_, index) =>
    service(`s${index}`, {
      environment: Object.fromEntries(Array.from({ length: 20 }, (_unused, key) => [`K${key}`, 'value'])),
      dependsOn: index === 0 ? {} : needs(`s${index - 1}`, 'service_started'),
    }),
  );
  const on = project(...services);
  const running = apply(up(on, NOTHING), NOTHING, on);
  expect(up(on, running).steps).toEqual([]);
});
