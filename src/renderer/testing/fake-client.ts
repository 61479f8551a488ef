import { type KeyView, KeyViewSchema } from '@skilldeck/agent-skills';
import type { AppEvent } from '../../shared/app/app-contract.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { RpcClient } from '../rpc/client.ts';
import { fakeChat } from './fake-chat.ts';
import { fakeModels } from './fake-models.ts';
import { fakeProjects } from './fake-projects.ts';
import { fakeSkills } from './fake-skills.ts';
import { fakeStack } from './fake-stack.ts';
import { fakeLogs, fakeStats, fakeTerminal } from './fake-streams.ts';
import { type FakeWorld, record } from './fake-world.ts';
import { iterate } from './iterate.ts';
import { SAMPLE_PROJECTS, sampleStacks } from './sample-projects.ts';
import { type Scenario, sampleSnapshot } from './sample-stack.ts';
import { SAMPLE_SETTINGS, sampleModels, sampleSkills } from './sample-state.ts';
import { Topic } from './topic.ts';

export interface FakeClient {
  readonly client: RpcClient;
  readonly world: FakeWorld;
}

/** An in-memory stand-in for main: answers every call of the contract from invented state. */
export function createFakeClient(scenario: Scenario = 'running', now = Date.now()): FakeClient {
  const snapshot = sampleSnapshot(scenario, now);
  const isUp = snapshot.state === 'running' || snapshot.state === 'degraded';
  const world: FakeWorld = {
    stack: new Topic(snapshot),
    stacks: new Map(Object.entries(sampleStacks(now)).map(([id, stack]) => [id, new Topic(stack)])),
    projects: new Topic({ projects: [...SAMPLE_PROJECTS] }),
    skills: new Topic(sampleSkills(isUp)),
    models: new Topic(sampleModels(isUp)),
    settings: new Topic(SAMPLE_SETTINGS),
    events: new Topic<AppEvent | undefined>(undefined),
    calls: [],
  };
  const client: RpcClient = {
    app: fakeApp(world),
    stack: fakeStack(world),
    projects: fakeProjects(world),
    stats: fakeStats(world),
    skills: fakeSkills(world),
    chat: fakeChat(world),
    logs: fakeLogs(),
    terminal: fakeTerminal(),
    models: fakeModels(world),
    settings: fakeSettings(world),
    gateway: fakeGateway(world),
  };
  return { client, world };
}

function fakeApp(world: FakeWorld): RpcClient['app'] {
  return {
    getAppInfo: async () => ({ version: '0.1.0', electron: '45.4.1', platform: 'linux', packaged: false }),
    events: async (_input, options) => iterate(definedOnly(world.events.subscribe(options?.signal))),
    setUnsaved: async () => ({}),
    confirmQuit: async (input) => record(world, 'app.confirmQuit', input),
    reportFault: async (input) => record(world, 'app.reportFault', input),
    openLogFolder: async (input) => record(world, 'app.openLogFolder', input),
  };
}

function fakeKey(settings: { readonly name: string }): KeyView {
  const usage = { requests: 0, promptTokens: 0, completionTokens: 0, tokensToday: 0, tokensThisMonth: 0 };
  return KeyViewSchema.parse({ ...settings, id: 'key', createdAt: '2026-01-01T00:00:00Z', usage });
}

function fakeGateway(world: FakeWorld): RpcClient['gateway'] {
  return {
    subscribe: async () =>
      iterate(
        (async function* nothingRuns() {
          yield { seq: 1, state: { kind: 'not_running' as const }, traffic: [] };
        })(),
      ),
    requests: async () => ({ requests: [] }),
    cancelRequest: async (input) => record(world, 'gateway.cancelRequest', input),
    loadBackend: async (input) => record(world, 'gateway.loadBackend', input),
    unloadBackend: async (input) => record(world, 'gateway.unloadBackend', input),
    settings: async () => ({ path: '', loadedAt: '2026-01-01T00:00:00Z', values: [], secrets: [] }),
    clearCache: async (input) => record(world, 'gateway.clearCache', input),
    keys: {
      list: async () => ({ keys: [] }),
      create: async (input) => ({ key: fakeKey(input), secret: 'sk-fake' }),
      update: async ({ settings }) => fakeKey(settings),
      rotate: async () => ({ key: fakeKey({ name: 'fake' }), secret: 'sk-fake' }),
      remove: async (input) => record(world, 'gateway.keys.remove', input),
    },
    skills: {
      history: async () => ({ generations: [], live: 1 }),
      rollBack: async () => ({ generations: [], live: 1 }),
      release: async () => ({ generations: [], live: 1 }),
      dryRun: async () => {
        throw new Error('Nothing is tried here.');
      },
    },
  };
}

function fakeSettings(world: FakeWorld): RpcClient['settings'] {
  return {
    subscribe: async (_input, options) => iterate(world.settings.subscribe(options?.signal)),
    update: async (input) => {
      record(world, 'settings.update', input);
      const defined = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
      const settings = { ...world.settings.value.settings, ...defined };
      world.settings.publish({ ...world.settings.value, settings });
      return settings;
    },
    chooseWorkspace: async () => {
      throw new AppError('workspace.invalid', 'The folder /usr is not yours.');
    },
  };
}

async function* definedOnly<T>(
  source: AsyncGenerator<T | undefined, void, void>,
): AsyncGenerator<T, void, void> {
  for await (const value of source) if (value !== undefined) yield value;
}
