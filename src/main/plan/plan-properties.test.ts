import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Project, Service } from '../compose/project.ts';
import { LABEL } from './labels.ts';
import type { ObservedContainer, ObservedState } from './observed-state.ts';
import type { Plan } from './operation.ts';
import { planDown } from './plan-down.ts';
import {
  apply,
  applyInAnyOrder,
  halfReplaced,
  healthcheck,
  NOTHING,
  network,
  port,
  project,
  service,
  started,
  up,
} from './plan-test-bed.ts';

const CONDITIONS = ['service_started', 'service_healthy', 'service_completed_successfully'] as const;

const serviceSpec = fc.record({
  health: fc.boolean(),
  setting: fc.integer({ min: 0, max: 2 }),
  replicas: fc.integer({ min: 0, max: 3 }),
  fixedPort: fc.constantFrom(undefined, undefined, 8001, 8002, 8003),
  range: fc.boolean(),
  volume: fc.boolean(),
  networks: fc.constantFrom(['default'], ['back'], ['default', 'back']),
  shares: fc.constantFrom(undefined, undefined, undefined, 'network_mode', 'volumes_from'),
  parallelism: fc.constantFrom(undefined, 0, 2),
  order: fc.constantFrom(undefined, 'start-first', 'stop-first'),
  needs: fc.array(fc.tuple(fc.nat(5), fc.constantFrom(...CONDITIONS), fc.boolean(), fc.boolean()), {
    maxLength: 3,
  }),
});

function makeService(
  spec: typeof serviceSpec extends fc.Arbitrary<infer T> ? T : never,
  index: number,
  takenPorts: Set<number>,
): Service {
  const parent = spec.shares !== undefined && index > 0 ? `s${index - 1}` : undefined;
  const shared =
    parent === undefined
      ? {}
      : spec.shares === 'network_mode'
        ? { network_mode: `service:${parent}` }
        : { volumes_from: [parent] };
  const ownNetworks = 'network_mode' in shared ? [] : spec.networks;
  const isFree = spec.fixedPort !== undefined && !takenPorts.has(spec.fixedPort) && spec.replicas > 0;
  if (isFree && spec.fixedPort !== undefined) takenPorts.add(spec.fixedPort);
  const ports = isFree && spec.fixedPort !== undefined ? port(spec.fixedPort) : [];
  return service(`s${index}`, {
    environment: { SETTING: String(spec.setting) },
    replicas: isFree ? 1 : spec.replicas,
    ports,
    networks: Object.fromEntries(ownNetworks.map((key) => [key, { aliases: [] }])),
    // Says so itself: whether an image has a health check is not known here.
    healthcheck: spec.health ? healthcheck : healthcheck,
    volumes: spec.volume ? [{ kind: 'volume', source: 'v', target: '/d', readOnly: false }] : [],
    dependsOn: Object.fromEntries(
      spec.needs
        .filter(([target]) => target < index)
        .map(([target, condition, restart, required]) => [`s${target}`, { condition, restart, required }]),
    ),
    definition: {
      command: null,
      entrypoint: null,
      ...shared,
      deploy: {
        resources: {},
        placement: {},
        update_config: {
          ...(spec.parallelism === undefined ? {} : { parallelism: spec.parallelism }),
          ...(spec.order === undefined ? {} : { order: spec.order }),
        },
      },
    },
  });
}

/** A shared container has to be there. */
function withParents(services: readonly Service[]): Service[] {
  const parents = new Set(
    services.flatMap(({ definition: { network_mode, volumes_from = [] } }) => [
      ...(network_mode === undefined ? [] : [network_mode.replace('service:', '')]),
      ...volumes_from,
    ]),
  );
  return services.map((one) => (parents.has(one.name) && one.replicas === 0 ? { ...one, replicas: 1 } : one));
}

const projects = fc
  .tuple(fc.array(serviceSpec, { minLength: 1, maxLength: 6 }), fc.constantFrom('1500', '1400'))
  .map(([specs, mtu]) => {
    const taken = new Set<number>();
    const made = project(...withParents(specs.map((spec, index) => makeService(spec, index, taken))));
    return { ...made, networks: { ...made.networks, default: network('default', { mtu }) } };
  });

const elsewhere = project(service('gone'));
const [pattern] = started(elsewhere).containers;
if (pattern === undefined) throw new Error('no container');
const ORPHAN: ObservedContainer = {
  ...pattern,
  id: 'f00000000000',
  networks: [],
  networkIds: {},
  name: 'p-gone-1',
};
const FOREIGN: ObservedContainer = {
  ...pattern,
  id: 'e00000000000',
  name: 'other-s0-1',
  service: 's0',
  networks: ['other_default'],
  networkIds: {},
  labels: { ...pattern.labels, [LABEL.project]: 'other' },
};
const ONE_OFF: ObservedContainer = {
  ...pattern,
  id: 'd00000000000',
  name: 'p-s0-run-1',
  service: 's0',
  networks: [],
  networkIds: {},
  labels: { ...pattern.labels, [LABEL.oneoff]: 'True' },
};
const UNTOUCHED = [ORPHAN, FOREIGN, ONE_OFF];
const START: ObservedState = {
  ...NOTHING,
  containers: UNTOUCHED,
  networks: [],
  volumes: [],
};

/** An orphan may hold a port that is needed. */
const CLEAN = { removeOrphans: true };

/** Cut off in the middle of a replacement, where the step at which it stopped is one. */
function applyHalf(plan: Plan, state: ObservedState, on: Project, cut: number, stage: number): ObservedState {
  const steps = cut % (plan.steps.length + 1);
  const half = apply(plan, state, on, steps);
  const next = plan.steps[steps];
  return next === undefined ? half : halfReplaced(half, next.operation, stage, on);
}

function expectUntouched(state: ObservedState): void {
  for (const one of UNTOUCHED) expect(state.containers).toContainEqual(one);
}

const check = (property: fc.IPropertyWithHooks<never> | fc.IProperty<never> | unknown, numRuns = 300) =>
  // With a synchronous property it returns nothing; its type says otherwise.
  void fc.assert(property as fc.IProperty<unknown>, { numRuns });

test('interrupted anywhere and planned again it converges, and never touches what is not its own', () => {
  check(
    fc.property(
      projects,
      projects,
      fc.nat(60),
      fc.nat(60),
      fc.nat(3),
      (first, second, cutFirst, cutSecond, stage) => {
        const half = applyHalf(up(first, START), START, first, cutFirst, stage);
        const most = applyHalf(up(second, half), half, second, cutSecond, stage);
        const done = apply(up(second, most), most, second);
        expect(up(second, done).steps).toEqual([]);
        expectUntouched(done);
        for (const { name, replicas } of Object.values(second.services)) {
          const own = done.containers.filter((one) => one.service === name && !UNTOUCHED.includes(one));
          expect(own).toHaveLength(replicas);
        }
      },
    ),
  );
});

test('in whatever order its graph allows, an engine can do every step', () => {
  check(
    fc.property(
      projects,
      projects,
      fc.nat(60),
      fc.nat(3),
      fc.array(fc.nat(1000), { minLength: 1 }),
      (first, second, cut, stage, picks) => {
        let turn = 0;
        const pick = (ready: number) => {
          turn += 1;
          return (picks[turn % picks.length] ?? 0) % ready;
        };
        const half = applyHalf(up(first, NOTHING), NOTHING, first, cut, stage);
        const whole = cut % 2 === 0 ? half : applyInAnyOrder(up(first, half, CLEAN), half, first, pick);
        const done = applyInAnyOrder(up(second, whole, CLEAN), whole, second, pick);
        expect(up(second, done, CLEAN).steps).toEqual([]);
      },
    ),
  );
});

test('the same for any order in which the engine lists what there is', () => {
  check(
    fc.property(
      projects,
      projects,
      fc.nat(60),
      fc.nat(3),
      fc.infiniteStream(fc.nat(1000)),
      (first, second, cut, stage, random) => {
        const half = applyHalf(up(first, START), START, first, cut, stage);
        const shuffled = <T>(list: readonly T[]) => {
          const keyed = list.map((item) => ({ item, key: random.next().value as number }));
          return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
        };
        const other = {
          images: half.images,
          containers: shuffled(half.containers),
          networks: shuffled(half.networks),
          volumes: shuffled(half.volumes),
        };
        expect(up(second, other)).toEqual(up(second, half));
        expect(planDown(other, second)).toEqual(planDown(half, second));
      },
    ),
  );
});

test('each step comes after all that it waits for, and each id once', () => {
  check(
    fc.property(projects, projects, fc.nat(60), (first, second, cut) => {
      const half = apply(up(first, START), START, first, cut);
      for (const plan of [up(second, half), planDown(half, second)]) {
        const order = plan.steps.map(({ id }) => id);
        expect(new Set(order).size).toBe(order.length);
        for (const { after = [], dependsOn, id } of plan.steps)
          for (const need of [...dependsOn, ...after]) {
            expect(order).toContain(need);
            expect(order.indexOf(need)).toBeLessThan(order.indexOf(id));
          }
      }
    }),
  );
});

test('a dependency is there before its dependants start', () => {
  check(
    fc.property(projects, (on) => {
      const plan = up(on, NOTHING);
      const order = plan.steps.map(({ id }) => id);
      for (const one of Object.values(on.services))
        for (const [name, { condition }] of Object.entries(one.dependsOn)) {
          if (one.replicas === 0 || (on.services[name]?.replicas ?? 0) === 0) continue;
          const awaited = condition === 'service_started' ? 'start' : 'wait';
          expect(order.indexOf(`${awaited}-container:${name}-1`)).toBeLessThan(
            order.indexOf(`start-container:${one.name}-1`),
          );
        }
    }),
  );
});

test('taking down leaves nothing of the project and everything of others', () => {
  check(
    fc.property(
      projects,
      fc.nat(60),
      fc.nat(3),
      fc.array(fc.nat(1000), { minLength: 1 }),
      fc.boolean(),
      (on, cut, stage, picks, files) => {
        const start = { ...START, containers: [FOREIGN] };
        const half = applyHalf(up(on, start), start, on, cut, stage);
        const state = files
          ? half
          : { ...half, containers: half.containers.filter((one) => one !== FOREIGN) };
        let turn = 0;
        const pick = (ready: number) => {
          turn += 1;
          return (picks[turn % picks.length] ?? 0) % ready;
        };
        const plan = planDown(state, files ? on : undefined, { volumes: true });
        const done = applyInAnyOrder(plan, state, on, pick);
        expect(done.containers).toEqual(files ? [FOREIGN] : []);
        expect(done.networks).toEqual([]);
        expect(done.volumes).toEqual([]);
      },
    ),
  );
});
