import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { AppErrorData } from '../../../shared/errors/app-error.ts';
import type { RunRecord } from '../../../shared/stack/run-record.ts';
import type { StackSnapshot } from '../../../shared/stack/stack-snapshot.ts';
import { setEnvValue } from '../../workspace/env-text.ts';
import { reportToTerminal, stackReport } from './terminal-report.ts';

const FACTS = { version: '1', envFile: '/w/.env' };
const error: AppErrorData = { code: 'internal', message: 'A sentence.', params: {} };

function snapshot(change: Partial<StackSnapshot>): StackSnapshot {
  return {
    seq: 1,
    project: { name: 'p', workspace: '/w' },
    engine: { kind: 'connecting', engine: 'sandbox' },
    state: 'unknown',
    services: [],
    networks: [],
    endpoints: [],
    ...change,
  };
}
const run: RunRecord = {
  id: 'r1',
  kind: 'up',
  engine: 'sandbox',
  startedAt: 1,
  outcome: 'running',
  steps: [],
};
const running = snapshot({
  engine: { kind: 'connected', engine: 'sandbox', context: 'local', version: '1' },
  state: 'running',
  endpoints: [
    { id: 'gateway', url: 'http://127.0.0.1:8080' },
    { id: 'file-manager', url: 'http://127.0.0.1:8081' },
  ],
});

test('says what came up and where, with a request to try', () => {
  const lines = stackReport(running, FACTS);
  expect(lines.slice(0, 3)).toEqual([
    'engine         sandbox 1 (local)',
    'gateway        http://127.0.0.1:8080  healthy',
    'file manager   http://127.0.0.1:8081  healthy',
  ]);
  expect(lines[3]).toMatch(/^try {12}curl -s http:\/\/127\.0\.0\.1:8080\/v1\/chat\/completions /);
});

test('says what is wrong', () => {
  expect(
    stackReport(
      snapshot({
        engine: { kind: 'unavailable', engine: 'docker', error },
        projectError: error,
        state: 'stopped',
      }),
      FACTS,
    ),
  ).toEqual([
    'engine         docker: A sentence.',
    'problem        A sentence.',
    'stack          stopped; press Start in the window',
  ]);
});

test('does not ask for a start that is under way', () => {
  const stopped = snapshot({ engine: running.engine, state: 'stopped' });
  const engine = 'engine         sandbox 1 (local)';
  expect(stackReport({ ...stopped, run: { ...run, outcome: 'running' } }, FACTS)).toEqual([engine]);
  expect(stackReport({ ...stopped, queue: [{ id: 'r2', kind: 'up', services: [] }] }, FACTS)).toEqual([
    engine,
  ]);
  expect(stackReport({ ...stopped, run: { ...run, outcome: 'done' } }, FACTS)).toEqual([
    engine,
    'stack          stopped; press Start in the window',
  ]);
});

test('prints each line when it becomes true, not again while it stays so', async () => {
  const printed: string[] = [];
  const snapshots = async function* () {
    yield snapshot({});
    yield running;
    yield { ...running, seq: 2 };
    yield snapshot({ engine: running.engine, state: 'stopped' });
    yield running;
  };
  await reportToTerminal(snapshots(), FACTS, (line) => printed.push(line.slice(0, 13).trim()));
  const up = ['gateway', 'file manager', 'try'];
  expect(printed).toEqual(['engine', ...up, 'stack', ...up]);
});

test('the request to try finds the key, wherever the workspace is', async ({ skip }) => {
  skip(process.platform === 'win32', 'the command is for a POSIX shell');

  const directory = await mkdtemp(join(tmpdir(), "skilldeck o'brien-"));
  try {
    const envFile = join(directory, '.env');
    for (const key of ['sk-plain', 'sk with spaces']) {
      await writeFile(envFile, setEnvValue('# GATEWAY_API_KEY=no\n', 'GATEWAY_API_KEY', key));
      const line = stackReport(running, { version: '1', envFile }).at(-1) ?? '';
      const command = line.replace(/^try\s+curl/, 'printf "%s\\n"');
      const { stdout } = await promisify(execFile)('sh', ['-c', command]);
      expect(stdout.split('\n')).toContain(`Authorization: Bearer ${key}`);
    }
  } finally {
    await rm(directory, { recursive: true });
  }
});
