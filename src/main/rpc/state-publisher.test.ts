import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StatePublisher } from './state-publisher.ts';

describe('StatePublisher', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('hands the value of now to a new subscriber', async () => {
    const publisher = new StatePublisher('now');
    expect((await publisher.subscribe().next()).value).toBe('now');
  });

  it('coalesces a burst and never loses its last value', async () => {
    const publisher = new StatePublisher(0, 50);
    const values = publisher.subscribe();
    await values.next();
    const next = values.next();
    for (let value = 1; value <= 100; value += 1) publisher.publish(value);
    await vi.advanceTimersByTimeAsync(50);
    expect((await next).value).toBe(100);
  });

  it('leaves no listener behind when a hundred subscribers come and go', async () => {
    const publisher = new StatePublisher(0, 0);
    for (let round = 0; round < 100; round += 1) {
      const controller = new AbortController();
      const values = publisher.subscribe(controller.signal);
      await values.next();
      const waiting = values.next();
      controller.abort();
      expect((await waiting).done).toBe(true);
    }
    expect(publisher.subscriberCount).toBe(0);
  });
});
