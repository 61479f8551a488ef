import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Project, Service } from '../compose/project.ts';
import type { ObservedState } from './observed-state.ts';
import type { Plan } from './operation.ts';
import { planDown } from './plan-down.ts';
import { planRestart } from './plan-restart.ts';
import { planUp } from './plan-up.ts';
import { simulateOperation } from './simulate-operation.ts';

const NOTHING: ObservedState = { containers: [], networks: [], volumes: [], images: {} };

function service(name: string, change: Partial<Service> = {}): Service {
  return {
    name,
    image: `${name}:1`,
    definition: { command: null, entrypoint: null },
    replicas: 1,
    environment: {},
    ports: [],
    volumes: [],
    networks: { default: { aliases: [] } },
    dependsOn: {},
    resources: {},
    restart: { name: 'no' },
    labels: {},
    profiles: [],
    skilldeck: { role: 'other' },
    ...change,
  };
}

function project(...services: Service[]): Project {
  return {
    name: 'p',
    workingDir: '/w',
    configFiles: ['/w/compose.yaml'],
    services: Object.fromEntries(services.map((one) => [one.name, one])),
    networks: {
      default: {
        key: 'default',
        name: 'p_default',
        definition: { name: 'p_default', ipam: {} },
        external: false,
        internal: false,
        ipam: [],
        labels: {},
      },
    },
    volumes: {
      v: { key: 'v', name: 'p_v', definition: { name: 'p_v' }, external: false, driverOpts: {}, labels: {} },
    },
  };
}

const needs = (
  name: string,
  condition: 'service_started' | 'service_healthy' | 'service_completed_successfully',
) => ({
  [name]: { condition, restart: false, required: true },
});
const healthcheck = { disabled: false, test: ['CMD', 'true'] };

let ids = 0;
function apply(plan: Plan, state: ObservedState, on: Project, steps = plan.steps.length): ObservedState {
  const nextId = () => {
    ids += 1;
    return ids.toString(16).padStart(12, '0');
  };
  return plan.steps
    .slice(0, steps)
    .reduce(
      (now, step) =>
        simulateOperation(now, step.operation, { project: on, engine: 'docker', buildHashes: {}, nextId }),
      state,
    );
}

const up = (on: Project, state: ObservedState) => planUp(on, state, { engine: 'docker' });

test('starts what others wait for first and lets them wait for its health', () => {
  const on = project(
    service('db', { healthcheck, volumes: [{ kind: 'volume', source: 'v', target: '/d', readOnly: false }] }),
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
  const step = up(after, running).steps.find((one) => one.operation.kind === 'recreate-container');
  expect(step?.cause).toEqual({
    kind: 'config_changed',
    text: 'API_KEY changed (value hidden), EXTRA added, PORT changed 8080 → 8081',
    params: { changes: 'API_KEY ••• → •••, EXTRA (+), PORT 8080 → 8081' },
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

test('makes a changed network anew after all on it are gone', () => {
  const before = project(service('a'));
  const running = apply(up(before, NOTHING), NOTHING, before);
  const [network] = Object.values(before.networks);
  if (network === undefined) throw new Error('no network');
  const after = { ...before, networks: { default: { ...network, ipam: [{ subnet: '10.1.0.0/24' }] } } };
  const plan = up(after, running);
  expect(plan.steps.map((step) => step.operation.kind)).toEqual([
    'stop-container',
    'remove-container',
    'remove-network',
    'create-network',
    'create-container',
    'start-container',
    'wait-container',
  ]);
  expect(up(after, apply(plan, running, after)).steps).toEqual([]);
});

test('builds again when the files of a build changed, then replaces the container', () => {
  const build = { context: '/w/a', dockerfile: 'Dockerfile', args: {}, labels: {} };
  const on = project(service('a', { build }));
  const running = apply(up(on, NOTHING), NOTHING, on);
  const plan = planUp(on, running, { engine: 'docker', buildHashes: { a: 'new' } });
  expect(plan.steps.map((step) => `${step.operation.kind} ${step.cause.kind}`)).toEqual([
    'build-image build_context_changed',
    'recreate-container build_context_changed',
    'start-container build_context_changed',
    'wait-container build_context_changed',
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

const CONDITIONS = ['service_started', 'service_healthy', 'service_completed_successfully'] as const;
const projects = fc
  .array(
    fc.record({
      health: fc.boolean(),
      port: fc.integer({ min: 0, max: 2 }),
      volume: fc.boolean(),
      needs: fc.array(fc.tuple(fc.nat(5), fc.constantFrom(...CONDITIONS), fc.boolean(), fc.boolean()), {
        maxLength: 3,
      }),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((specs) =>
    project(
      ...specs.map((spec, index) =>
        service(`s${index}`, {
          environment: { PORT: String(spec.port) },
          ...(spec.health ? { healthcheck } : {}),
          volumes: spec.volume ? [{ kind: 'volume', source: 'v', target: '/d', readOnly: false }] : [],
          dependsOn: Object.fromEntries(
            spec.needs
              .filter(([target]) => target < index)
              .map(([target, condition, restart, required]) => [
                `s${target}`,
                { condition, restart, required },
              ]),
          ),
        }),
      ),
    ),
  );

const FOREIGN: ObservedState['containers'][number] = {
  ...apply(up(project(service('gone')), NOTHING), NOTHING, project(service('gone'))).containers[0],
} as ObservedState['containers'][number];

test('interrupted anywhere and planned again it converges, and never touches what is not described', () => {
  // With a synchronous property it returns nothing; its type says otherwise.
  void fc.assert(
    fc.property(projects, projects, fc.nat(40), fc.nat(40), (first, second, cutFirst, cutSecond) => {
      const start = { ...NOTHING, containers: [{ ...FOREIGN, id: 'f00000000000', networks: ['other'] }] };
      const half = apply(up(first, start), start, first, cutFirst);
      const most = apply(up(second, half), half, second, cutSecond);
      const last = up(second, most);
      const order = last.steps.map((step) => step.id);
      for (const step of last.steps)
        for (const need of [...step.dependsOn, ...(step.after ?? [])])
          expect(order.indexOf(need)).toBeLessThan(order.indexOf(step.id));
      const done = apply(last, most, second);
      expect(up(second, done).steps).toEqual([]);
      expect(done.containers.some((container) => container.id === 'f00000000000')).toBe(true);
      expect(up(second, most)).toEqual(last);
      expect(apply(planDown(done, second), done, second).containers).toEqual([]);
    }),
    { numRuns: 300 },
  );
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
