// @vitest-environment happy-dom

import type { GatewayStatus, KeyView } from '@skilldeck/agent-skills';
import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { renderApp } from '../../testing/render-app.tsx';
import { callerNames } from './caller-names.ts';
import { QueueTable } from './queue-table.tsx';

afterEach(cleanup);

const status = {
  running: [
    { requestId: 'req-a', model: 'small', principal: 'owner', backend: 'gpu', elapsedMs: 1500 },
    {
      requestId: 'req-b',
      model: 'small',
      principal: 'k1',
      priority: 'batch',
      backend: 'gpu',
      elapsedMs: 200,
    },
  ],
  waiting: [
    {
      requestId: 'req-c',
      model: 'small',
      principal: 'gone',
      position: 1,
      waitedMs: 300,
      expectedWaitMs: 4200,
    },
    { requestId: 'req-d', model: 'small', position: 2, waitedMs: 100, expectedWaitMs: 30 },
  ],
} as unknown as GatewayStatus;
const rows = () =>
  screen
    .getAllByRole('row')
    .slice(1)
    .map((row) => [...row.querySelectorAll('th, td')].slice(0, -1).map((cell) => cell.textContent?.trim()));

test('says who holds a slot, who waits at which place, and about how long', () => {
  const key = { id: 'k1', name: 'night jobs' } as KeyView;
  renderApp(<QueueTable status={status} callers={callerNames([key])} />);
  expect(rows()).toEqual([
    ['req-a', 'owner', 'small', 'gpu', '1.5 s'],
    ['req-b', 'night jobs', 'small', 'gpu batch', '0.2 s'],
    ['req-c', 'gone', 'small', 'waits, place 1 · about 4.2 s to go', '0.3 s'],
    ['req-d', '–', 'small', 'waits, place 2', '0.1 s'],
  ]);
});

test('does not name callers where there is one only', () => {
  renderApp(<QueueTable status={status} callers={callerNames()} />);
  expect(screen.queryByRole('columnheader', { name: 'Key' })).toBeNull();
  expect(rows()[0]).toEqual(['req-a', 'small', 'gpu', '1.5 s']);
});
