/**
 * Milliseconds to plan a start of 100 and of 500 services, with a definition that was just read (all hashed anew) and
 * with one that was planned before; and of 100 that all have to be replaced. Medians.
 */
import type { Project, Service } from '../src/main/compose/project.ts';
import type { ObservedState } from '../src/main/plan/observed-state.ts';
import { planUp } from '../src/main/plan/plan-up.ts';
import { simulateOperation } from '../src/main/plan/simulate-operation.ts';

const ROUNDS = 21;
const SETTINGS = 20;
const NOTHING: ObservedState = { containers: [], networks: [], volumes: [], images: {} };

function makeProject(count: number, version: string): Project {
  const services = Array.from({ length: count }, (_, index) => makeService(index, version));
  return {
    name: 'bench',
    workingDir: '/bench',
    configFiles: ['/bench/compose.yaml'],
    services: Object.fromEntries(services.map((service) => [service.name, service])),
    networks: {
      default: {
        key: 'default',
        name: 'bench_default',
        definition: { name: 'bench_default', ipam: {} },
        external: false,
        internal: false,
        ipam: [],
        labels: {},
      },
    },
    volumes: {},
  };
}

/** Layers of ten, each on one service of the layer below. */
function makeService(index: number, version: string): Service {
  const name = `s${index}`;
  const settings = Array.from({ length: SETTINGS }, (_, key) => [
    `SETTING_${key}`,
    `value ${key} of ${name}`,
  ]);
  const environment: Record<string, string> = { ...Object.fromEntries(settings), VERSION: version };
  const image = `example/${name}:1`;
  const healthcheck = { test: ['CMD', 'curl', '-f', 'http://localhost:8080/health'], interval: '10s' };
  const dependency = { condition: 'service_healthy' as const, restart: false, required: true };
  return {
    name,
    definition: {
      command: ['serve', '--port', '8080'],
      entrypoint: null,
      environment,
      healthcheck,
      image,
      networks: { default: null },
    },
    replicas: 1,
    image,
    environment,
    ports: [],
    volumes: [],
    networks: { default: { aliases: [] } },
    dependsOn: index < 10 ? {} : { [`s${index - 10}`]: dependency },
    healthcheck: { disabled: false, test: healthcheck.test },
    resources: {},
    restart: { name: 'no' },
    labels: {},
    profiles: [],
    skilldeck: { role: 'other' },
  };
}

function started(project: Project): ObservedState {
  let ids = 0;
  const nextId = () => {
    ids += 1;
    return ids.toString(16).padStart(64, '0');
  };
  const context = { project, engine: 'docker' as const, buildHashes: {}, nextId };
  return planUp(project, NOTHING, { engine: 'docker' }).steps.reduce(
    (state, { operation }) => simulateOperation(state, operation, context),
    NOTHING,
  );
}

/** Median of a plan for each of the projects. */
function measure(projects: readonly Project[], state: ObservedState, steps: number): number {
  const times = projects.map((project) => {
    const start = performance.now();
    const plan = planUp(project, state, { engine: 'docker' });
    const took = performance.now() - start;
    if (plan.steps.length !== steps) throw new Error(`${plan.steps.length} steps instead of ${steps}`);
    return took;
  });
  const middle = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
  return Number(middle.toPrecision(3));
}

const freshly = (count: number, version: string) =>
  Array.from({ length: ROUNDS }, () => makeProject(count, version));
const again = (count: number) => {
  const project = makeProject(count, '1');
  return Array.from({ length: ROUNDS }, () => project);
};
const [running100, running500] = [started(makeProject(100, '1')), started(makeProject(500, '1'))];

console.log(
  JSON.stringify({
    bench: 'plan',
    ms100: measure(freshly(100, '1'), running100, 0),
    ms500: measure(freshly(500, '1'), running500, 0),
    ms100Again: measure(again(100), running100, 0),
    ms500Again: measure(again(500), running500, 0),
    ms100Replaced: measure(freshly(100, '2'), running100, 100),
    rounds: ROUNDS,
  }),
);
