import { writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ManualClock } from '../../../testing/manual-clock.ts';
import {
  askModel as ask,
  endModels,
  NEVER_HANGS,
  SOON,
  startModel as start,
} from '../../../testing/start-model.ts';

afterEach(endModels);

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
