import { describe, expect, it } from 'vitest';
import type { ObservedContainer } from '../../main/plan/observed-state.ts';
import type { PlanView } from '../../shared/stack/plan-view.ts';
import { containerStatus, portTexts } from './container-row.ts';
import { formatPlan } from './format-plan.ts';
import { formatAge, formatBytes, formatElapsed } from './format-quantity.ts';
import { formatTable } from './format-table.ts';
import { LogPrefixes } from './log-prefix.ts';
import { createPaint, wantsColour } from './paint.ts';

const plain = createPaint({ isTty: false, env: {} });
const colours = createPaint({ ansi: 'always', isTty: false, env: {} });
const NOW = 10_000_000;

describe('a plan for people', () => {
  const plan: PlanView = {
    direction: 'up',
    services: [
      { service: 'db', action: 'none', causes: [], replicas: { from: 1, to: 1 }, downtime: 'none' },
      {
        service: 'web',
        action: 'replace',
        downtime: 'short',
        replicas: { from: 1, to: 3 },
        causes: [
          {
            kind: 'config_changed',
            params: {},
            text: 'its configuration has changed',
            changes: [
              { path: 'environment.PORT', from: '80', to: '81' },
              { path: 'environment.KEY', secret: true },
              { path: 'labels.x', to: 'two\nlines' },
            ],
          },
        ],
      },
    ],
    destroys: { volumes: ['p_data'], images: [] },
    steps: [
      {
        id: 'replace-container:web-1',
        kind: 'replace-container',
        phase: 'prepare',
        target: 'web',
        cause: { kind: 'config_changed', params: {}, text: 'its configuration has changed' },
        dependsOn: [],
      },
    ],
  };

  it('says what happens to each service and why, as a diff, and shows no secret', () => {
    expect(formatPlan(plan, plain)).toBe(
      [
        'Services',
        '  db    unchanged',
        '  web   replace, 1 → 3 instances, short downtime',
        '      its configuration has changed',
        '        - environment.PORT: 80',
        '        + environment.PORT: 81',
        '        ~ environment.KEY: (secret, not shown)',
        '        + labels.x: two\\nlines',
        '',
        'Destroys',
        '  volume p_data, with all that is in it',
        '',
        'Steps',
        '  1. replace container web 1 (its configuration has changed)',
      ].join('\n'),
    );
  });

  it('says so when there is nothing to do', () => {
    expect(formatPlan({ direction: 'up', steps: [] }, plain)).toMatch(/^Nothing to do/);
  });
});

describe('a table', () => {
  it('has columns as wide as their widest cell, colours not counted, and no space at the end', () => {
    expect(
      formatTable(
        ['A', 'B'],
        [
          [colours('red', 'xyz'), '1'],
          ['y', ''],
        ],
      ),
    ).toBe(`A     B\n${colours('red', 'xyz')}   1\ny`);
  });
});

describe('quantities', () => {
  it('are short', () => {
    expect([0, 999, 1500, 123_456_789, 5e12].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1.5 kB',
      '123 MB',
      '5.0 TB',
    ]);
    expect([-5, 400, 59_960, 185_000].map(formatElapsed)).toEqual(['0.0s', '0.4s', '60.0s', '3m05s']);
    expect([0, 1000, 120_000, 7_200_000, 86_400_000].map(formatAge)).toEqual([
      '0 seconds',
      '1 second',
      '2 minutes',
      '2 hours',
      '1 day',
    ]);
  });
});

describe('a container', () => {
  const container: ObservedContainer = {
    id: 'a',
    name: 'p-web-1',
    service: 'web',
    number: 1,
    configHash: '',
    imageId: '',
    imageRef: 'nginx',
    state: 'running',
    health: 'healthy',
    healthOutput: '',
    oomKilled: false,
    startedAt: NOW - 180_000,
    finishedAt: NOW - 60_000,
    exitCode: 3,
    ports: [],
    networks: [],
    labels: {},
  };

  it.each([
    [{}, 'Up 3 minutes (healthy)'],
    [{ health: 'none' as const }, 'Up 3 minutes'],
    [{ health: 'starting' as const }, 'Up 3 minutes (health: starting)'],
    [{ state: 'paused' as const }, 'Up 3 minutes (Paused)'],
    [{ state: 'exited' as const }, 'Exited (3) 1 minute ago'],
    [{ state: 'restarting' as const }, 'Restarting (3) 1 minute ago'],
    [{ state: 'created' as const }, 'Created'],
  ])('has a status as Docker words it: %j', (change, expected) => {
    expect(containerStatus({ ...container, ...change }, NOW)).toBe(expected);
  });

  it('shows an IPv6 address in brackets', () => {
    const port = { hostIp: '::1', hostPort: 1, containerPort: 2, protocol: 'tcp' as const };
    expect(portTexts([port, port])).toBe('[::1]:1->2/tcp');
  });
});

describe('colours', () => {
  it.each([
    [{ isTty: true, env: {} }, true],
    [{ isTty: false, env: {} }, false],
    [{ isTty: true, env: { NO_COLOR: '1' } }, false],
    [{ isTty: true, env: { NO_COLOR: '' } }, true],
    [{ isTty: true, env: { TERM: 'dumb' } }, false],
    [{ ansi: 'always' as const, isTty: false, env: { NO_COLOR: '1' } }, true],
    [{ isTty: true, env: { COMPOSE_ANSI: 'never' } }, false],
    [{ ansi: 'auto' as const, isTty: true, env: { COMPOSE_ANSI: 'never' } }, true],
  ])('are used only where they are wanted: %j', (wish, expected) => {
    expect(wantsColour(wish)).toBe(expected);
  });

  it('give each log prefix one width', () => {
    const prefixes = new LogPrefixes(plain, ['a-1', 'longer-1']);
    expect(prefixes.of('a-1')).toBe('a-1       | ');
  });
});
