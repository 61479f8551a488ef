import { expect, test } from 'vitest';
import { pullingRun, shopSnapshot } from '../../testing/sample-shop.ts';
import { withoutPassingDrift } from './without-passing-drift.ts';

const drifted = (snapshot: ReturnType<typeof shopSnapshot>) =>
  snapshot.services.filter(({ drift }) => drift).map(({ name }) => name);

test('keeps quiet of what a run is about to bring in order, and of nothing else', () => {
  const base = shopSnapshot(0);
  const run = pullingRun(0);
  expect(drifted(base)).toEqual(['web']);
  const touching = {
    ...base,
    run: { ...run, steps: run.steps.map((step) => ({ ...step, service: 'web' })) },
  };
  expect(drifted(withoutPassingDrift(touching))).toEqual([]);
  const elsewhere = {
    ...base,
    run: { ...run, steps: run.steps.map((step) => ({ ...step, service: 'db' })) },
  };
  expect(drifted(withoutPassingDrift(elsewhere))).toEqual(['web']);
  expect(drifted(withoutPassingDrift({ ...touching, run: { ...touching.run, outcome: 'done' } }))).toEqual([
    'web',
  ]);
});
