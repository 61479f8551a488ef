import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { Heartbeat } from './heartbeat.ts';

function watch({ hangMs = 30_000, openRequests = 0, stallMs = 0 } = {}) {
  const clock = new ManualClock();
  const hangs: string[] = [];
  let count = 0;
  const heartbeat = new Heartbeat({
    clock,
    ping: (next) => {
      count = next;
    },
    hangMs: () => hangMs,
    stallMs: () => stallMs,
    openRequests: () => openRequests,
    onHang: (sentence) => hangs.push(sentence),
  });
  const answer = (cpuMs: number) => heartbeat.handlePong(count, cpuMs);
  /** So long, with a pong after each second that takes this share of the processor. */
  const live = (seconds: number, cpuShare: number) => {
    for (let second = 0; second < seconds; second += 1) {
      clock.turn(1000);
      answer(clock.now() * cpuShare);
    }
  };
  return { answer, clock, hangs, heartbeat, live };
}

describe('the heartbeat of a process', () => {
  test('is missed when a ping goes unanswered for the limit, and not before', () => {
    const { clock, hangs } = watch();
    clock.turn(34_900);
    expect(hangs).toEqual([]);
    clock.turn(5100);
    expect(hangs).toEqual(['answered nothing for 30 s']);
    clock.turn(600_000);
    expect(hangs).toHaveLength(1);
  });

  test('is well as long as pings are answered', () => {
    const { hangs, live } = watch();
    live(3600, 0);
    expect(hangs).toEqual([]);
  });

  test('is not missed by a gateway that was asleep itself', () => {
    const { answer, clock, hangs } = watch();
    clock.turn(5000);
    clock.sleep(3_600_000);
    clock.turn(0);
    answer(0);
    clock.turn(20_000);
    expect(hangs).toEqual([]);
  });

  test('counts only the answer to the last ping', () => {
    const { clock, hangs, heartbeat } = watch();
    clock.turn(5000);
    heartbeat.handlePong(99, 0);
    clock.turn(35_000);
    expect(hangs).toHaveLength(1);
  });

  test('tells requests that stand still', () => {
    const { hangs, live } = watch({ openRequests: 1, stallMs: 60_000 });
    live(50, 0.001);
    expect(hangs).toEqual([]);
    live(30, 0.001);
    expect(hangs[0]).toMatch(/^got no further with its requests for 6\d(\.\d)? s$/);
  });

  test('leaves a long prompt its time while it works on it', () => {
    const { hangs, live } = watch({ openRequests: 1, stallMs: 60_000 });
    live(3600, 0.9);
    expect(hangs).toEqual([]);
  });

  test('does not take rest for a hang', () => {
    const { hangs, live } = watch({ openRequests: 0, stallMs: 60_000 });
    live(3600, 0.001);
    expect(hangs).toEqual([]);
  });

  test('takes each word as progress', () => {
    const { hangs, heartbeat, live } = watch({ openRequests: 1, stallMs: 60_000 });
    for (let minute = 0; minute < 10; minute += 1) {
      live(50, 0.001);
      heartbeat.handleProgress();
    }
    expect(hangs).toEqual([]);
  });

  test('is never missed when both limits are off', () => {
    const { clock, hangs } = watch({ hangMs: 0, openRequests: 1, stallMs: 0 });
    clock.turn(86_400_000);
    expect(hangs).toEqual([]);
  });
});
