import { beforeEach, expect, test, vi } from 'vitest';
import type { Settings } from '../../../shared/settings/settings-contract.ts';
import type { DockerContext } from '../../../shared/stack/projects-contract.ts';
import { FakeEngine } from '../../engine/fake-engine.ts';
import { DEFAULT_SETTINGS } from '../../settings/settings-file.ts';
import { EngineHub } from '../../stack/engine-hub.ts';
import type { StackService } from '../../stack/stack-service.ts';
import { EngineChoice } from './engines.ts';

const context = (name: string, part: Partial<DockerContext> = {}): DockerContext => ({
  name,
  description: '',
  endpoint: '',
  current: false,
  fixed: false,
  ...part,
});

let settings: Settings;
let contexts: DockerContext[];
let made: (string | undefined)[];
let hub: EngineHub;
let choice: EngineChoice;
const send = vi.fn();
const stack = {
  reloadProject: vi.fn(),
  start: vi.fn(),
  engine: { kind: 'docker' },
} as unknown as StackService;

beforeEach(async () => {
  settings = { ...DEFAULT_SETTINGS, engine: 'docker' };
  contexts = [context('default', { current: true }), context('remote')];
  made = [];
  send.mockClear();
  const listeners: ((settings: Settings) => void)[] = [];
  choice = new EngineChoice({
    events: { send },
    makers: {
      docker: async (name) => {
        made.push(name);
        return new FakeEngine('docker');
      },
      sandbox: async () => {
        made.push('sandbox');
        return new FakeEngine('sandbox');
      },
      contexts: async () => contexts,
    },
    settings: {
      get settings() {
        return settings;
      },
      update: async (patch) => {
        settings = { ...settings, ...(patch as Partial<Settings>) };
        for (const listener of listeners) listener(settings);
        return settings;
      },
      onDidChange: (listener) => {
        listeners.push(listener);
        return () => {};
      },
    },
  });
  hub = new EngineHub({ engine: await choice.first(undefined) });
  choice.follow({ hub, stack });
  return () => hub.dispose();
});

test('another context is connected to from now on, and kept', async () => {
  const before = hub.engine as FakeEngine;
  await choice.use('remote');
  expect([made, settings.dockerContext, before.disposed]).toEqual([[undefined, 'remote'], 'remote', true]);
  expect(hub.engine).not.toBe(before);
  expect(stack.reloadProject).toHaveBeenCalled();
});

test('a context means Docker, also where the sandbox was used', async () => {
  settings = { ...settings, engine: 'sandbox' };
  await choice.use('remote');
  expect(settings.engine).toBe('docker');
});

test('one that does not exist, one that the environment forbids and a busy engine change nothing', async () => {
  await expect(choice.use('gone')).rejects.toMatchObject({ code: 'context.unknown' });
  contexts = [context('default', { current: true, fixed: true }), context('remote')];
  await expect(choice.use('remote')).rejects.toMatchObject({ code: 'invalid_input' });
  contexts = [context('remote')];
  const release = hub.lease();
  await expect(choice.use('remote')).rejects.toMatchObject({ code: 'operation.busy' });
  release();
  expect([made, settings.dockerContext]).toEqual([[undefined], undefined]);
});
