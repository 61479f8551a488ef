import { AppError } from '../../shared/errors/app-error.ts';
import type { RpcClient } from '../rpc/client.ts';
import { type FakeWorld, record } from './fake-world.ts';
import { iterate } from './iterate.ts';
import { type Scenario, sampleSnapshot, UP_PLAN, upRun } from './sample-stack.ts';
import { sampleModels, sampleSkills } from './sample-state.ts';

const STEP_MS = 1500;

/** A stack that starts and stops in a moment. */
export function fakeStack(world: FakeWorld): RpcClient['stack'] {
  const show = (scenario: Scenario) => {
    const seq = world.stack.value.seq + 1;
    world.stack.publish({ ...sampleSnapshot(scenario, Date.now()), seq });
    const isUp = scenario === 'running';
    world.skills.publish({ ...sampleSkills(isUp), seq: world.skills.value.seq + 1 });
    world.models.publish({ ...sampleModels(isUp), seq: world.models.value.seq + 1 });
  };
  const start = async (name: string, input: unknown) => {
    record(world, name, input);
    show('starting');
    setTimeout(() => show('running'), STEP_MS);
    return { operationId: 'run-43' };
  };
  return {
    subscribe: async (_input, options) => iterate(world.stack.subscribe(options?.signal)),
    plan: async ({ direction }) =>
      direction === 'up' ? (world.stack.value.plan ?? UP_PLAN) : { direction, steps: [] },
    start: (input) => start('stack.start', input),
    restart: (input) => start('stack.restart', input),
    stop: async (input) => {
      record(world, 'stack.stop', input);
      show('stopped');
      return { operationId: 'run-45' };
    },
    cancel: async (input) => {
      record(world, 'stack.cancel', input);
      show('stopped');
      return {};
    },
    runs: async () => {
      const now = Date.now();
      const older = { ...upRun(now - 90_000_000), id: 'run-40' };
      const current = world.stack.value.run;
      return current ? [current, older] : [older];
    },
    control: (input) => start('stack.control', input),
    scale: (input) => start('stack.scale', input),
    pull: (input) => start('stack.pull', input),
    build: (input) => start('stack.build', input),
    config: async () => ({ text: 'name: skilldeck\nservices: {}\n' }),
    setProfile: async (input) => record(world, 'stack.setProfile', input),
    readServiceForm: async () => ({
      file: 'compose.override.yaml',
      version: 'v1',
      ports: [],
      environment: [],
    }),
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
