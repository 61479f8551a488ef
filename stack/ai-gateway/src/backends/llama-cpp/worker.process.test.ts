import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { WorkerProcess } from './worker-process.ts';
import type { FromWorker } from './worker-protocol.ts';

const MODEL = fileURLToPath(new URL('../../../../models/skilldeck-demo.gguf', import.meta.url));
const SOON = { timeout: 20_000, interval: 20 };

function start() {
  const said: FromWorker[] = [];
  const exits: unknown[] = [];
  const worker = new WorkerProcess({
    onMessage: (message) => said.push(message),
    onExit: (how) => exits.push(how),
  });
  const load = (modelPath: string) =>
    worker.send({
      type: 'load',
      modelPath,
      contextSize: 256,
      parallel: 1,
      threads: 1,
      gpu: 'auto',
      gpuLayers: 'auto',
    });
  return { exits, load, said, worker };
}

const NEEDS = { meta: { needs: 'the demo model that the set-up makes' } };

describe.skipIf(!existsSync(MODEL))('the process of llama.cpp', NEEDS, () => {
  test('tells how far the load is, what it runs on, and answers pings', async () => {
    const { exits, load, said, worker } = start();
    load(MODEL);
    await vi.waitFor(() => expect(said.some(({ type }) => type === 'ready')).toBe(true), SOON);
    const progress = said.flatMap((one) => (one.type === 'load-progress' ? [one.progress] : []));
    expect(progress.length).toBeGreaterThan(1);
    expect(progress).toEqual([...progress].sort((one, other) => one - other));
    expect(progress.at(-1)).toBe(1);
    worker.send({ type: 'ping', count: 7 });
    await vi.waitFor(
      () => expect(said.at(-1)).toMatchObject({ type: 'pong', count: 7, cpuMs: expect.any(Number) }),
      SOON,
    );
    await worker.end();
    expect(exits).toEqual([{ code: 0, signal: null, detail: '' }]);
  }, 40_000);

  test('says why it cannot load a file, and lives on', async () => {
    const { load, said, worker } = start();
    load(fileURLToPath(import.meta.url));
    await vi.waitFor(
      () => expect(said).toContainEqual(expect.objectContaining({ type: 'load-failed' })),
      SOON,
    );
    worker.send({ type: 'ping', count: 1 });
    await vi.waitFor(() => expect(said.at(-1)).toMatchObject({ type: 'pong' }), SOON);
    await worker.end();
  }, 40_000);

  test('refuses what it cannot read, names the place, and lives on', async () => {
    const { exits, said, worker } = start();
    const ask = (message: object) => worker.send(message as never);
    ask({ type: 'embed', id: 'r1', inputs: ['a', null] });
    ask({ type: 'dance', id: 'r2' });
    ask({ type: 'embed', inputs: 3 });
    ask({ type: 'abort', id: 7 });
    worker.send({ type: 'ping', count: 1 });
    await vi.waitFor(() => expect(said.at(-1)).toMatchObject({ type: 'pong', count: 1 }), SOON);
    expect(said.slice(0, -1)).toEqual([
      { type: 'failed', id: 'r1', code: 'unsupported', message: expect.stringContaining('inputs.1') },
      { type: 'failed', id: 'r2', code: 'unsupported', message: expect.stringContaining('type') },
    ]);
    expect(exits).toEqual([]);
    await worker.end();
  }, 40_000);

  test('that is stopped is ended by force', async () => {
    const { exits, load, said, worker } = start();
    load(MODEL);
    await vi.waitFor(() => expect(said.some(({ type }) => type === 'ready')).toBe(true), SOON);
    process.kill(worker.pid ?? 0, 'SIGSTOP');
    await worker.end();
    expect(exits).toEqual([expect.objectContaining({ signal: 'SIGKILL' })]);
  }, 40_000);
});
