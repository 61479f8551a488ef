import { afterEach, describe, expect, test, vi } from 'vitest';
import { askModel as ask, endModels, SOON, startModel as start } from '../../../testing/start-model.ts';

afterEach(endModels);

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
    const { backend, is } = await start('late');
    await is('ready');
    const former = await ask(backend);
    const unloaded = backend.unload();
    const next = ask(backend);
    await unloaded;
    expect(() => process.kill(former, 0)).toThrow();
    expect(backend.processStatus.state).toBe('loading');
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
