import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Operation, Plan } from '../plan/operation.ts';
import { type ExecuteOptions, executePlan } from './execute-plan.ts';

const REPLACE: Operation = {
  kind: 'replace-container',
  service: 'web',
  number: 1,
  containerId: 'old',
  order: 'stop-first',
  until: 'running',
};
const RECREATE: Operation = { kind: 'recreate-container', service: 'web', number: 1, containerId: 'old' };
const PULL: Operation = { kind: 'pull-image', service: 'web' };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const planOf = (...operations: Operation[]): Plan => ({
  direction: 'up',
  steps: operations.map((operation, index) => ({
    id: String(index),
    operation,
    phase: 'prepare',
    cause: { kind: 'missing', text: 'it is not there', params: {} },
    dependsOn: index === 0 ? [] : [String(index - 1)],
  })),
});

/** Runs the plan over an engine that is told when to let go, and cancels it at once. */
function cancelled(plan: Plan, apply: ExecuteOptions['apply']) {
  const ended: string[] = [];
  const stop = new AbortController();
  let isOver = false;
  const outcome = executePlan(plan, {
    apply,
    signal: stop.signal,
    observer: {
      started: () => {},
      progressed: () => {},
      ended: (step, status) => void ended.push(`${step.operation.kind} ${status}`),
    },
  }).finally(() => {
    isOver = true;
  });
  stop.abort(new AppError('cancelled', 'The operation was cancelled.'));
  return { outcome, ended, isOver: () => isOver };
}

test.each([
  ['replaced', REPLACE, 70_000],
  ['recreated', RECREATE, 30_000],
] as const)(
  'a cancelled run lasts until what was being %s is in order again',
  async (_, operation, tookMs) => {
    const run = cancelled(planOf(operation, PULL), async () => {
      await new Promise((resolve) => setTimeout(resolve, tookMs));
      throw new AppError('cancelled', 'The operation was cancelled.');
    });
    await vi.advanceTimersByTimeAsync(tookMs - 1);
    expect(run.isOver()).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await run.outcome).toEqual({ kind: 'cancelled' });
    expect(run.ended).toEqual([`${operation.kind} cancelled`, 'pull-image cancelled']);
  },
);

test('an engine that has nothing to put in order and does not let go is left behind', async () => {
  const run = cancelled(planOf(PULL), () => new Promise(() => {}));
  await vi.advanceTimersByTimeAsync(2000);
  expect(await run.outcome).toEqual({ kind: 'cancelled' });
  expect(run.ended).toEqual(['pull-image cancelled']);
});

test('an engine that never lets go does not hold a project for ever, whatever it was doing', async () => {
  const run = cancelled(planOf(REPLACE), () => new Promise(() => {}));
  await vi.advanceTimersByTimeAsync(80_000);
  expect(await run.outcome).toEqual({ kind: 'cancelled' });
});
