import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { LlamaCppBackendSchema } from '../../../config/config-schema.ts';
import type { ChatGeneration } from '../../../pipeline/generation-request.ts';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { LlamaCppBackend } from '../llama-cpp-backend.ts';
import { SYSTEM_CLOCK } from './clock.ts';

const WORKER = new URL('../../../testing/fake-model-worker.mjs', import.meta.url);
const SOON = { timeout: 10_000, interval: 10 };
const NEVER_HANGS = { hangSeconds: 0, stallSeconds: 0 };

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A backend over a real process without a model. */
async function start(behaviour: string, { clock = SYSTEM_CLOCK, ...settings }: Record<string, unknown> = {}) {
  const directory = await mkdtemp(path.join(tmpdir(), 'model-process-'));
  ends.push(() => rm(directory, { recursive: true, force: true }));
  const modelPath = path.join(directory, `${behaviour}.gguf`);
  if (behaviour !== 'absent') await writeFile(modelPath, 'GGUF');
  const config = LlamaCppBackendSchema.parse({ name: 'local', kind: 'llama-cpp', modelPath, ...settings });
  const states: string[] = [];
  const backend = new LlamaCppBackend({
    config,
    clock: clock as ManualClock,
    workerFile: WORKER,
    onState: () => states.push(backend.processStatus.state),
    onLog: () => undefined,
  });
  ends.push(() => backend.dispose());
  const is = (state: string) => vi.waitFor(() => expect(backend.processStatus.state).toBe(state), SOON);
  return { backend, config, is, modelPath, states };
}

let requests = 0;
/** What the model says, which is the process id of whoever says it. */
async function ask(backend: LlamaCppBackend, signal = new AbortController().signal): Promise<number> {
  requests += 1;
  const request = {
    operation: 'chat',
    model: undefined,
    messages: [{ role: 'user', content: 'hi' }],
    fields: {},
    stream: false,
  } as unknown as ChatGeneration;
  const answer = await backend.chat({ requestId: `r${requests}`, request, traceparent: undefined, signal });
  if (answer.kind !== 'whole') throw new Error('a stream');
  return Number((answer.body.choices as { message: { content: string } }[])[0]?.message.content);
}

describe('a model that nothing is asked of', () => {
  test('is unloaded after its time and loaded again by the next request', async () => {
    const clock = new ManualClock();
    const { backend, is, states } = await start('any', { clock, idleUnloadSeconds: 600, ...NEVER_HANGS });
    await is('ready');
    const first = await ask(backend);
    clock.turn(599_000);
    expect(backend.processStatus).toMatchObject({ state: 'ready', unloadsInMs: 1000, pid: first });
    await ask(backend);
    clock.turn(599_000);
    expect(backend.processStatus.state).toBe('ready');
    clock.turn(1000);
    expect(backend.processStatus.state).toBe('sleeping');
    expect(backend.state).toEqual({ kind: 'sleeping' });
    expect(backend.models).toEqual(['any']);
    await vi.waitFor(() => expect(() => process.kill(first, 0)).toThrow(), SOON);
    const second = await ask(backend);
    expect(second).not.toBe(first);
    expect(states).toEqual(['ready', 'sleeping', 'loading', 'ready']);
  });

  test('stays when the time is taken off meanwhile, and goes when it is set', async () => {
    const clock = new ManualClock();
    const { backend, config, is } = await start('any', { clock, idleUnloadSeconds: 60, ...NEVER_HANGS });
    await is('ready');
    backend.reconfigure({ ...config, idleUnloadSeconds: 0 });
    clock.turn(3_600_000);
    expect(backend.processStatus.state).toBe('ready');
    backend.reconfigure({ ...config, idleUnloadSeconds: 60 });
    clock.turn(0);
    expect(backend.processStatus.state).toBe('sleeping');
  });

  test('is not unloaded while it answers', async () => {
    const clock = new ManualClock();
    const { backend, is } = await start('mute', { clock, idleUnloadSeconds: 60, ...NEVER_HANGS });
    await is('ready');
    const answer = ask(backend).catch((error: Error) => error.message);
    await vi.waitFor(() => expect(backend.processStatus.openRequests).toBe(1), SOON);
    clock.turn(3_600_000);
    expect(backend.processStatus.state).toBe('ready');
    await backend.unload(true);
    expect(await answer).toContain('was unloaded');
  });
});

describe('requests for a model that sleeps', () => {
  test('wait for the same process, and one that leaves takes nobody along', async () => {
    const { backend, is } = await start('slow-400');
    await is('ready');
    await backend.unload();
    const leaver = new AbortController();
    const left = ask(backend, leaver.signal).catch((error: Error) => error.message);
    const stay = [ask(backend), ask(backend), ask(backend)];
    await vi.waitFor(
      () => expect(backend.processStatus).toMatchObject({ state: 'loading', progress: 0.5 }),
      SOON,
    );
    expect(backend.state).toMatchObject({ message: 'The model slow-400.gguf is being loaded (50 %).' });
    leaver.abort(new Error('has left'));
    expect(await left).toBe('has left');
    const pids = await Promise.all(stay);
    expect(new Set(pids)).toEqual(new Set([backend.processStatus.pid]));
  });

  test('go on loading it when all have left', async () => {
    const { backend, is } = await start('slow-200');
    await backend.unload();
    const leaver = new AbortController();
    const left = ask(backend, leaver.signal).catch(() => 'left');
    leaver.abort(new Error('has left'));
    expect(await left).toBe('left');
    await is('ready');
  });

  test('wait no longer than they should', async () => {
    const { backend } = await start('slow-60000', { loadWaitSeconds: 0.2 });
    await expect(ask(backend)).rejects.toMatchObject({ code: 'model_loading', retryAfterSeconds: 5 });
    expect(backend.processStatus.state).toBe('loading');
  });

  test('do not start a second process beside one that ends', async () => {
    const { backend, is } = await start('any');
    await is('ready');
    const former = await ask(backend);
    const unloaded = backend.unload();
    const next = ask(backend);
    await unloaded;
    expect(() => process.kill(former, 0)).toThrow();
    expect(await next).not.toBe(former);
  });
});

describe('unloading', () => {
  test('is refused while requests are answered, unless by force, and they hear of it', async () => {
    const { backend, is } = await start('mute');
    await is('ready');
    const answer = ask(backend).catch((error: { code: string }) => error.code);
    await vi.waitFor(() => expect(backend.processStatus.openRequests).toBe(1), SOON);
    await expect(backend.unload()).rejects.toMatchObject({ code: 'backend_busy', status: 409 });
    await backend.unload(true);
    expect(await answer).toBe('model_unloaded');
    expect(backend.processStatus).toEqual({ state: 'sleeping', openRequests: 0 });
  });

  test('ends a load that nobody waits for', async () => {
    const { backend } = await start('slow-60000');
    await vi.waitFor(() => expect(backend.processStatus.progress).toBe(0.5), SOON);
    await backend.unload();
    expect(backend.processStatus.state).toBe('sleeping');
  });
});

describe('a process that', () => {
  test('ends again and again is started later and later', async () => {
    const clock = new ManualClock();
    const { backend, is } = await start('crash', { clock, ...NEVER_HANGS });
    const waits: (number | undefined)[] = [];
    for (let round = 0; round < 3; round += 1) {
      await is('restarting');
      waits.push(backend.processStatus.retryInMs);
      clock.turn(backend.processStatus.retryInMs ?? 0);
      expect(backend.processStatus.state).toBe('loading');
    }
    expect(waits).toEqual([500, 1000, 2000]);
    await is('restarting');
    await expect(ask(backend)).rejects.toMatchObject({
      code: 'worker_crashed',
      retryAfterSeconds: 4,
      message: expect.stringContaining('exit code 3'),
    });
    await expect(backend.load()).rejects.toMatchObject({ code: 'worker_crashed' });
    expect(backend.processStatus.restarts).toBe(1);
  });

  test('ended after a good while is started again at once', async () => {
    const clock = new ManualClock();
    const { backend, is } = await start('any', { clock, ...NEVER_HANGS });
    const end = async () => {
      await is('ready');
      process.kill(backend.processStatus.pid ?? 0, 'SIGKILL');
      await is('restarting');
      const { restarts, retryInMs = 0 } = backend.processStatus;
      clock.turn(retryInMs);
      return [restarts, retryInMs];
    };
    expect(await end()).toEqual([1, 500]);
    expect(await end()).toEqual([2, 1000]);
    await is('ready');
    clock.turn(60_000);
    expect(await end()).toEqual([1, 500]);
  });

  test('wants more memory than there is tries again when some may be free', async () => {
    const clock = new ManualClock();
    const { backend, is } = await start('large', { clock, ...NEVER_HANGS });
    await is('restarting');
    expect(backend.processStatus.retryInMs).toBe(30_000);
    expect(backend.state).toMatchObject({ kind: 'unavailable', code: 'model_load_failed' });
    clock.turn(30_000);
    expect(backend.processStatus.state).toBe('loading');
  });

  test('is killed while it loads may have lacked memory', async () => {
    const { backend } = await start('slow-60000');
    await vi.waitFor(() => expect(backend.processStatus.progress).toBe(0.5), SOON);
    const answer = ask(backend).catch((error: Error) => error.message);
    process.kill(backend.processStatus.pid ?? 0, 'SIGKILL');
    expect(await answer).toMatch(/ended unexpectedly \(SIGKILL\).*for want of memory/);
  });

  test('refuses the model is not started again before the file is another', async () => {
    const clock = new ManualClock();
    const { backend, is, modelPath, states } = await start('refuse', { clock, ...NEVER_HANGS });
    await is('failed');
    expect(backend.state).toMatchObject({ kind: 'unavailable', code: 'model_load_failed' });
    for (let look = 0; look < 5; look += 1) {
      clock.turn(2000);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(states).toEqual(['failed']);
    await writeFile(modelPath, 'GGUF, another');
    await vi.waitFor(() => {
      clock.turn(2000);
      expect(states).toEqual(['failed', 'loading', 'failed']);
    }, SOON);
  });

  test('answers pings, but no requests, is killed and started again', async () => {
    const { backend, is } = await start('mute', { stallSeconds: 0.4 });
    await is('ready');
    const before = backend.processStatus.pid;
    await expect(ask(backend)).rejects.toMatchObject({
      code: 'worker_crashed',
      message: expect.stringContaining('got no further with its requests'),
    });
    await is('ready');
    expect(backend.processStatus.pid).not.toBe(before);
    expect(backend.processStatus.restarts).toBe(1);
  });
});

describe('a file that is not there', () => {
  test('is waited for, and loaded when it comes', async () => {
    const { backend, is, modelPath } = await start('absent');
    await is('failed');
    await expect(ask(backend)).rejects.toMatchObject({ code: 'model_file_missing' });
    await writeFile(modelPath, 'GGUF');
    await is('ready');
  });
});
