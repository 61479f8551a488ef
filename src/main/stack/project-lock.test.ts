import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ProjectLock, runsUnderWay } from './project-lock.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'skilldeck-lock-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const NEVER = new AbortController().signal;
const lock = (name = 'docker/shop') => new ProjectLock({ directory, name, pollMs: 5 });
const files = async () => (await readdir(directory)).filter((name) => name.endsWith('.json'));

test('one at a time: the next gets it when the first lets go', async () => {
  const order: string[] = [];
  const release = await lock().acquire('one', NEVER);
  const second = lock()
    .acquire('two', NEVER)
    .then((end) => {
      order.push('two');
      return end;
    });
  expect(await runsUnderWay(directory)).toEqual(new Set(['one']));
  order.push('one ends');
  await release();
  await (await second)();
  expect(order).toEqual(['one ends', 'two']);
  expect(await files()).toEqual([]);
});

test('projects do not wait for each other', async () => {
  const ends = await Promise.all([
    lock('docker/a').acquire('a', NEVER),
    lock('docker/b').acquire('b', NEVER),
  ]);
  expect(await runsUnderWay(directory)).toEqual(new Set(['a', 'b']));
  for (const end of ends) await end();
});

test('waiting ends at once when it is cancelled, and letting go twice takes nothing from the next', async () => {
  const release = await lock().acquire('one', NEVER);
  const cancel = new AbortController();
  const waiting = lock().acquire('two', cancel.signal);
  cancel.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  await release();
  const end = await lock().acquire('three', NEVER);
  await release();
  expect(await runsUnderWay(directory)).toEqual(new Set(['three']));
  await end();
});

test.each([
  ['a process that is gone', { pid: 999_999, startedAt: '1', token: 't', run: 'r' }],
  ['another process with the same id', { pid: process.pid, startedAt: 'long ago', token: 't', run: 'r' }],
  ['half a file', undefined],
])('takes over from %s', async (_of, holder) => {
  await (await lock().acquire('first', NEVER))();
  const release = await lock().acquire('probe', NEVER);
  const [name = ''] = await files();
  await release();
  await writeFile(join(directory, name), holder === undefined ? '{"pid"' : JSON.stringify(holder));
  expect(await runsUnderWay(directory)).toEqual(new Set());
  const end = await lock().acquire('next', NEVER);
  expect(await runsUnderWay(directory)).toEqual(new Set(['next']));
  await end();
});

test('many that want it, from a dead holder on, never have it at the same time', async () => {
  const probe = await lock().acquire('probe', NEVER);
  const [name = ''] = await files();
  await probe();
  await writeFile(
    join(directory, name),
    JSON.stringify({ pid: 999_999, startedAt: '1', token: 't', run: 'r' }),
  );
  let inside = 0;
  let most = 0;
  const work = async (run: number) => {
    const end = await lock().acquire(String(run), NEVER);
    inside += 1;
    most = Math.max(most, inside);
    await new Promise((resolve) => setImmediate(resolve));
    inside -= 1;
    await end();
  };
  await Promise.all(Array.from({ length: 12 }, (_, run) => work(run)));
  expect(most).toBe(1);
  expect(await readdir(directory)).toEqual([]);
});

test('a system that does not say since when a process runs is believed that it is the same', async () => {
  const startTime = async () => 'unknown';
  const release = await new ProjectLock({ directory, name: 'x', startTime }).acquire('one', NEVER);
  expect(await runsUnderWay(directory, async () => 'since 12')).toEqual(new Set(['one']));
  expect(await runsUnderWay(directory, async () => undefined)).toEqual(new Set());
  await release();
});
