import { expect, test } from 'vitest';
import { healthcheck, NOTHING, project, service, up } from './plan-test-bed.ts';

test('nothing waits for health at the end, but what others depend on is awaited as always', () => {
  const on = project(
    service('db', { healthcheck }),
    service('web', {
      healthcheck,
      dependsOn: { db: { condition: 'service_healthy', restart: false, required: true } },
    }),
  );
  const waits = (noWait: boolean) =>
    up(on, NOTHING, { noWait }).steps.flatMap(({ operation }) =>
      operation.kind === 'wait-container' ? [[operation.service, operation.until]] : [],
    );
  expect(waits(false)).toEqual([
    ['db', 'healthy'],
    ['web', 'healthy'],
  ]);
  expect(waits(true)).toEqual([
    ['db', 'healthy'],
    ['web', 'running'],
  ]);
});
