import { AppError } from '../../shared/errors/app-error.ts';
import { WORKSPACE_PROJECT } from '../../shared/stack/projects-contract.ts';
import type { ServiceForm } from '../../shared/stack/stack-contract.ts';
import type { RpcClient } from '../rpc/client.ts';
import { type FakeWorld, record } from './fake-world.ts';
import { iterate } from './iterate.ts';
import { SHOP_DOWN } from './sample-shop.ts';
import { type Scenario, sampleSnapshot, UP_PLAN, upRun } from './sample-stack.ts';
import { sampleModels, sampleSkills } from './sample-state.ts';

const STEP_MS = 1500;

const FORM: ServiceForm = {
  file: 'compose.override.yaml',
  version: 'v1',
  image: 'shop/web:2.4',
  restart: 'unless-stopped',
  replicas: 1,
  cpus: '0.5',
  ports: ['127.0.0.1:3000:8080'],
  environment: [
    { name: 'PORT', value: '8080' },
    { name: 'LOG_LEVEL', value: 'info' },
    { name: 'SESSION_SECRET', value: null },
  ],
};

const CONFIG = `name: shop
services:
  web:
    image: shop/web:2.4
    environment:
      PORT: "8080"
      SESSION_SECRET: "***"
    ports:
      - target: 8080
        published: "3000"
`;

/** A stack that starts and stops in a moment; of other projects only the calls are remembered. */
export function fakeStack(world: FakeWorld): RpcClient['stack'] {
  const show = (scenario: Scenario) => {
    const seq = world.stack.value.seq + 1;
    world.stack.publish({ ...sampleSnapshot(scenario, Date.now()), seq });
    const isUp = scenario === 'running';
    world.skills.publish({ ...sampleSkills(isUp), seq: world.skills.value.seq + 1 });
    world.models.publish({ ...sampleModels(isUp), seq: world.models.value.seq + 1 });
  };
  const topicOf = (projectId = WORKSPACE_PROJECT) => {
    const topic = projectId === WORKSPACE_PROJECT ? world.stack : world.stacks.get(projectId);
    if (!topic) throw new AppError('project.unknown', `There is no project ${projectId}.`);
    return topic;
  };
  const isOther = (projectId?: string) => topicOf(projectId) !== world.stack;
  const begin = async (name: string, input: { projectId?: string | undefined }) => {
    record(world, name, input);
    if (isOther(input.projectId)) return { operationId: 'run-63' };
    show('starting');
    setTimeout(() => show('running'), STEP_MS);
    return { operationId: 'run-43' };
  };
  return {
    subscribe: async ({ projectId }, options) => iterate(topicOf(projectId).subscribe(options?.signal)),
    plan: async (input) => {
      record(world, 'stack.plan', input);
      const { plan } = topicOf(input.projectId).value;
      if (input.direction === 'up') return plan ?? UP_PLAN;
      const volumes = input.volumes ? ['shop_db', 'shop_uploads'] : [];
      const images = input.images === 'all' ? ['shop/web:2.4', 'postgres:16'] : [];
      return isOther(input.projectId)
        ? { ...SHOP_DOWN, destroys: { volumes, images } }
        : { direction: 'down', steps: [] };
    },
    start: (input) => begin('stack.start', input),
    restart: (input) => begin('stack.restart', input),
    control: (input) => begin('stack.control', input),
    scale: (input) => begin('stack.scale', input),
    pull: (input) => begin('stack.pull', input),
    build: (input) => begin('stack.build', input),
    stop: async (input) => {
      record(world, 'stack.stop', input);
      if (!isOther(input.projectId)) show('stopped');
      return { operationId: 'run-45' };
    },
    cancel: async (input) => {
      record(world, 'stack.cancel', input);
      if (!isOther(input.projectId)) show('stopped');
      return {};
    },
    runs: async ({ projectId }) => {
      const now = Date.now();
      const older = { ...upRun(now - 90_000_000), id: 'run-40', origin: 'cli' as const };
      const scaled = {
        ...upRun(now - 9_000_000),
        id: 'run-41',
        kind: 'scale' as const,
        services: ['worker'],
      };
      const current = topicOf(projectId).value.run;
      return current ? [current, scaled, older] : [older];
    },
    config: async () => ({ text: CONFIG }),
    setProfile: async (input) => record(world, 'stack.setProfile', input),
    readServiceForm: async () => FORM,
    writeServiceForm: async (input) => {
      record(world, 'stack.writeServiceForm', input);
      return { version: 'v2' };
    },
    reconnect: async (input) => record(world, 'stack.reconnect', input),
    openEndpoint: async (input) => record(world, 'stack.openEndpoint', input),
    openWorkspace: async (input) => record(world, 'stack.openWorkspace', input),
    moveBusyPort: async (input) => {
      record(world, 'stack.moveBusyPort', input);
      if (input.port > 65_000) throw new AppError('invalid_input', 'No free port above that one.');
      return { variable: 'GATEWAY_PORT', port: input.port + 1 };
    },
  };
}
