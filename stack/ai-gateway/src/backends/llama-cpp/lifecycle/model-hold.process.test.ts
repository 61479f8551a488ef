import { afterEach, describe, expect, test, vi } from 'vitest';
import type { JsonObject } from '../../../json.ts';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { chatCall, endModels, NEVER_HANGS, SOON, startModel } from '../../../testing/start-model.ts';
import type { LlamaCppBackend } from '../llama-cpp-backend.ts';

afterEach(endModels);

const IDLE_MS = 60_000;

async function startIdle(behaviour = 'any') {
  const clock = new ManualClock();
  const started = await startModel(behaviour, { clock, idleUnloadSeconds: IDLE_MS / 1000, ...NEVER_HANGS });
  await started.is('ready');
  return { ...started, clock };
}

async function streamOf(backend: LlamaCppBackend, fields: JsonObject): Promise<AsyncIterator<JsonObject>> {
  const answer = await backend.chat(chatCall({ fields, stream: true }));
  if (answer.kind === 'whole') throw new Error('no stream');
  return answer.chunks[Symbol.asyncIterator]();
}

/** The first word and the reason of the end of one answer. */
async function readOne(chunks: AsyncIterator<JsonObject>): Promise<void> {
  await chunks.next();
  await chunks.next();
}

describe('a model whose caller takes its time', () => {
  test('is in use from the first answer to the last', async () => {
    const { backend, clock } = await startIdle();
    const chunks = await streamOf(backend, { n: 2 });
    const isInUse = async () => {
      expect(backend.processStatus).toMatchObject({ state: 'ready', openRequests: 1 });
      await expect(backend.unload()).rejects.toMatchObject({ code: 'backend_busy' });
      clock.turn(2 * IDLE_MS);
      expect(backend.processStatus.state).toBe('ready');
    };
    await isInUse();
    await readOne(chunks);
    await isInUse();
    await readOne(chunks);
    await isInUse();
    expect(await chunks.next()).toMatchObject({ done: true });
    expect(backend.processStatus).toMatchObject({ openRequests: 0, unloadsInMs: IDLE_MS });
    clock.turn(IDLE_MS);
    expect(backend.processStatus.state).toBe('sleeping');
  });

  test.each([
    ['before the first word', 0],
    ['between two answers', 2],
    ['in the middle of an answer', 1],
  ])('is free when the caller leaves %s', async (_when, pulls) => {
    const { backend } = await startIdle(pulls === 1 ? 'halting' : 'any');
    const chunks = await streamOf(backend, { n: 2 });
    for (let pulled = 0; pulled < pulls; pulled += 1) await chunks.next();
    expect(backend.processStatus.openRequests).toBe(1);
    await chunks.return?.();
    expect(backend.processStatus).toMatchObject({ openRequests: 0, unloadsInMs: IDLE_MS });
  });

  test('and is gone meanwhile is not taken for the one that was loaded after it', async () => {
    const { backend, clock, is } = await startIdle();
    const chunks = await streamOf(backend, { n: 2 });
    await readOne(chunks);
    await backend.unload(true);
    await backend.load();
    await is('ready');
    await expect(chunks.next()).rejects.toMatchObject({ code: 'model_unloaded' });
    expect(backend.processStatus).toMatchObject({ openRequests: 0, unloadsInMs: IDLE_MS });
    clock.turn(IDLE_MS);
    await vi.waitFor(() => expect(backend.processStatus.state).toBe('sleeping'), SOON);
  });
});
