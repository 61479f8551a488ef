import { beforeEach, describe, expect, test } from 'vitest';
import { RoutingSchema } from '../../config/routing-schema.ts';
import { CircuitBreaker, type Permit } from './circuit-breaker.ts';

const settings = {
  ...RoutingSchema.parse({}).breaker,
  failures: 3,
  errorRate: 0.5,
  minRequests: 8,
  windowMs: 10_000,
  openMs: 1000,
  maxOpenMs: 3000,
};

describe('CircuitBreaker', () => {
  let now: number;
  let breaker: CircuitBreaker;
  let changes: string[];
  const enter = (): Permit => {
    const permit = breaker.enter();
    if (permit === undefined) throw new Error('The circuit is open.');
    return permit;
  };
  const fail = (times = 1): void => {
    for (let index = 0; index < times; index += 1) enter().fail();
  };

  beforeEach(() => {
    now = 0;
    changes = [];
    breaker = new CircuitBreaker({
      settings,
      now: () => now,
      random: () => 0.5,
      onChange: ({ kind }) => changes.push(kind),
    });
  });

  test('opens after so many failures in a row, and a success between them begins the count anew', () => {
    fail(2);
    enter().succeed();
    fail(2);
    expect(breaker.state.kind).toBe('closed');
    fail();
    expect(breaker.state).toEqual({ kind: 'open', until: 1000 });
    expect(breaker.enter()).toBeUndefined();
  });

  test('lets one request through when its time is over, and closes when that succeeds', () => {
    fail(3);
    now = 1000;
    const test = enter();
    expect(breaker.state.kind).toBe('half-open');
    expect(breaker.enter()).toBeUndefined();
    test.succeed();
    expect(changes).toEqual(['open', 'half-open', 'closed']);
    fail(2);
    expect(breaker.state.kind).toBe('closed');
  });

  test('stays open twice as long each time the test fails, up to the bound', () => {
    fail(3);
    const lengths: number[] = [];
    for (let index = 0; index < 4; index += 1) {
      const { state } = breaker;
      if (state.kind === 'open') now = state.until;
      fail();
      const next = breaker.state;
      if (next.kind === 'open') lengths.push(next.until - now);
    }
    expect(lengths).toEqual([2000, 3000, 3000, 3000]);
  });

  test('closes when the answer to the test has begun; how it ends counts like any other', () => {
    fail(3);
    now = 1000;
    const stream = enter();
    stream.begin();
    expect(breaker.state.kind).toBe('closed');
    stream.fail();
    expect([breaker.state.kind, breaker.failuresInRow]).toEqual(['closed', 1]);
  });

  test('gives the test to the next request when the one that had it was cancelled', () => {
    fail(3);
    now = 1000;
    enter().cancel();
    expect(breaker.state.kind).toBe('half-open');
    enter().succeed();
    expect(breaker.state.kind).toBe('closed');
  });

  test('opens when half of enough requests fail, never three in a row', () => {
    for (let index = 0; index < 3; index += 1) {
      enter().succeed();
      fail();
    }
    enter().succeed();
    expect(breaker.state.kind).toBe('closed');
    fail();
    expect(breaker.state.kind).toBe('open');
  });

  test('forgets what is older than the window', () => {
    for (let index = 0; index < 7; index += 1) {
      if (index % 2 === 0) fail();
      else enter().succeed();
      now += 2000;
    }
    fail();
    expect(breaker.state.kind).toBe('closed');
  });

  test('is not closed by an answer that was under way when it opened', () => {
    const slow = enter();
    fail(3);
    slow.succeed();
    expect(breaker.state.kind).toBe('open');
  });

  test('tries at once when told that the backend is there again', () => {
    fail(3);
    breaker.hint();
    expect(breaker.state.kind).toBe('half-open');
    enter().succeed();
    expect(breaker.state.kind).toBe('closed');
  });

  test('takes only the first outcome of a permit', () => {
    const permit = enter();
    permit.succeed();
    for (let index = 0; index < 5; index += 1) permit.fail();
    expect(breaker.state.kind).toBe('closed');
  });

  test('never opens when it is switched off', () => {
    breaker = new CircuitBreaker({ settings: { ...settings, failures: 0 }, now: () => now, random: () => 0 });
    fail(50);
    expect(breaker.state.kind).toBe('closed');
  });
});
