import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunRecord } from '../../shared/stack/run-record.ts';
import { silentLogger } from '../lifetime/logger.ts';
import { RunRepository } from './run-repository.ts';

let directory: string;
let runs: RunRepository;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'skilldeck-runs-'));
  runs = new RunRepository(directory, silentLogger);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const record = (id: string, part: Partial<RunRecord> = {}): RunRecord => ({
  id,
  kind: 'up',
  engine: 'docker',
  startedAt: 5,
  outcome: 'done',
  steps: [],
  ...part,
});
const step = (status: RunRecord['steps'][number]['status']): RunRecord['steps'][number] => ({
  id: 's',
  kind: 'pull-image',
  phase: 'image',
  target: 'web',
  cause: { kind: 'image_missing', params: {}, text: 'missing' },
  dependsOn: [],
  status,
  spans: [{ phase: 'image', startedAt: 9 }],
  output: ['line'],
});

test('keeps the newest 50, newest first', async () => {
  for (let run = 0; run < 60; run += 1) await runs.save(record(String(100 + run)));
  expect((await runs.list(3)).map(({ id }) => id)).toEqual(['159', '158', '157']);
  expect(await readdir(directory)).toHaveLength(50);
});

test('of a record that changes faster than the disk the last state is what stays', async () => {
  const saves = [1, 2, 3, 4, 5].map((startedAt) => runs.save(record('a', { startedAt, outcome: 'running' })));
  await Promise.all(saves);
  await runs.save(record('a', { startedAt: 6 }));
  expect(await runs.list(5)).toMatchObject([{ startedAt: 6, outcome: 'done' }]);
});

test('marks what was cut off, but not what another process is doing', async () => {
  await runs.save(record('1', { outcome: 'running', steps: [step('running'), step('done')] }));
  await runs.save(record('2', { outcome: 'running' }));
  await runs.markInterrupted(new Set(['2']));
  expect(await runs.list(5)).toMatchObject([
    { id: '2', outcome: 'running' },
    { id: '1', outcome: 'interrupted', endedAt: 9, steps: [{ status: 'cancelled' }, { status: 'done' }] },
  ]);
});

test('a damaged record is left out', async () => {
  await runs.save(record('1'));
  await writeFile(join(directory, '2.json'), '{');
  expect((await runs.list(5)).map(({ id }) => id)).toEqual(['1']);
});
