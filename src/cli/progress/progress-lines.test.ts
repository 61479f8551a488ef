import { describe, expect, it } from 'vitest';
import type { RunRecord, RunStep } from '../../shared/stack/run-record.ts';
import { createPaint } from '../format/paint.ts';
import { progressChanges, progressScreen, stepDetail } from './progress-lines.ts';

const plain = createPaint({ isTty: false, env: {} });

function step(name: string, status: RunStep['status'], more: Partial<RunStep> = {}): RunStep {
  return {
    id: `start-container:${name}-1`,
    kind: 'start-container',
    phase: 'prepare',
    target: name,
    cause: { kind: 'missing', params: {}, text: '' },
    dependsOn: [],
    status,
    spans:
      status === 'waiting'
        ? []
        : [{ phase: 'prepare', startedAt: 0, ...(status === 'done' ? { endedAt: 400 } : {}) }],
    output: [],
    ...more,
  };
}

function run(...steps: RunStep[]): RunRecord {
  return { id: 'r', kind: 'up', engine: 'docker', startedAt: 0, outcome: 'running', steps };
}

describe('progress', () => {
  it('is drawn with what has begun, cut to the width of the terminal', () => {
    const record = run(
      step('web', 'done'),
      step('a-service-with-a-long-name', 'running'),
      step('db', 'waiting'),
    );
    expect(progressScreen(record, plain, { columns: 36, rows: 24, now: 2000 })).toEqual([
      'up 1/3 2.0s',
      ' ✔ container web-1  started  0.4s',
      ' ● container a-service-with-…  2.0s',
    ]);
  });

  it('leaves out what is done when there is more than the terminal has lines for', () => {
    const record = run(
      ...Array.from({ length: 50 }, (_, index) => step(`s${index}`, index === 49 ? 'running' : 'done')),
    );
    const lines = progressScreen(record, plain, { columns: 80, rows: 10, now: 1000 });
    expect(lines).toHaveLength(9);
    expect(lines.at(-1)).toContain('s49-1  starting');
  });

  it('says of a pull how many bytes and layers', () => {
    const layers = [
      { id: 'a', status: 'done' as const },
      { id: 'b', status: 'downloading' as const, current: 1_500_000, total: 3_000_000 },
    ];
    expect(stepDetail(step('web', 'running', { progress: { layers } }))).toBe(
      '1.5 MB of 3.0 MB, 1 of 2 layers',
    );
  });

  it('is one line for each beginning and end, also of steps whose beginning nobody saw', () => {
    const first = run(step('web', 'running'), step('db', 'waiting'), step('x', 'waiting'));
    expect(progressChanges(undefined, first)).toEqual(['container web-1 starting']);
    expect(
      progressChanges(first, run(step('web', 'failed'), step('db', 'done'), step('x', 'skipped'))),
    ).toEqual(['container web-1 failed', 'container db-1 starting', 'container db-1 started']);
  });
});
