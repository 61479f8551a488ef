import { expect, test } from 'vitest';
import { latestSize } from './latest-size.ts';

test('sizes are told one after the other, and those in between are left out', async () => {
  const told: number[] = [];
  const answers: (() => void)[] = [];
  const tell = latestSize(({ columns }) => {
    told.push(columns);
    return new Promise((resolve) => answers.push(resolve));
  });
  for (const columns of [80, 90, 100]) tell({ columns, rows: 24 });
  expect(told).toEqual([80]);
  answers[0]?.();
  await Promise.resolve().then(() => {});
  await expect.poll(() => told).toEqual([80, 100]);
});

test('goes on after a call that failed', async () => {
  const told: number[] = [];
  const tell = latestSize(async ({ columns }) => {
    told.push(columns);
    throw new Error('it has ended');
  });
  tell({ columns: 80, rows: 24 });
  await expect.poll(() => told).toEqual([80]);
  tell({ columns: 90, rows: 24 });
  await expect.poll(() => told).toEqual([80, 90]);
});
