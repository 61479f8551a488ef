import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AdmissionQueue, type Slot } from './admission-queue.ts';

const request = (
  requestId: string,
  backend = 'a',
  signal = new AbortController().signal,
  backendLimit = 100,
) => ({
  requestId,
  principal: { id: 'owner', weight: 1 },
  priority: 'interactive' as const,
  model: 'm',
  backends: [{ name: backend, limit: backendLimit }],
  promptTokens: 1,
  signal,
});

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('AdmissionQueue', () => {
  test('admits in order and refuses with a time to wait when the queue is full', async () => {
    const queue = new AdmissionQueue({ maxConcurrent: 1, maxQueue: 1, queueTimeoutMs: 60_000 });
    const first = await queue.acquire(request('1'));
    const second = queue.acquire(request('2'));
    await expect(queue.acquire(request('3'))).rejects.toMatchObject({
      code: 'queue_full',
      status: 429,
      retryAfterSeconds: 2,
    });
    expect(queue.snapshot().waiting).toMatchObject([{ requestId: '2', position: 1 }]);
    first.release();
    first.release();
    (await second).release();
    expect([queue.inFlight, queue.depth]).toEqual([0, 0]);
  });

  test('lets a request with a free backend past one whose backend is busy', async () => {
    const queue = new AdmissionQueue({ maxConcurrent: 10, maxQueue: 10, queueTimeoutMs: 60_000 });
    await queue.acquire(request('1', 'slow', undefined, 1));
    void queue.acquire(request('2', 'slow', undefined, 1)).catch(() => undefined);
    await expect(queue.acquire(request('3', 'fast'))).resolves.toMatchObject({
      queuedMs: expect.any(Number),
    });
    expect(queue.snapshot().waiting.map(({ requestId }) => requestId)).toEqual(['2']);
  });

  test('drops a waiting request the moment its client leaves', async () => {
    const queue = new AdmissionQueue({ maxConcurrent: 1, maxQueue: 5, queueTimeoutMs: 60_000 });
    await queue.acquire(request('1'));
    const controller = new AbortController();
    const waiting = queue.acquire(request('2', 'a', controller.signal));
    controller.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    expect(queue.depth).toBe(0);
  });

  test('never exceeds its limits and loses no request, whatever the order of events', async () => {
    const step = fc.record({
      kind: fc.constantFrom('come', 'end', 'leave'),
      pick: fc.nat(),
      backend: fc.constantFrom('a', 'b'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const queue = new AdmissionQueue({ maxConcurrent: 3, maxQueue: 4, queueTimeoutMs: 60_000 });
        const slots: Slot[] = [];
        const controllers: AbortController[] = [];
        let refused = 0;
        let come = 0;
        for (const { kind, pick, backend } of steps) {
          if (kind === 'come') {
            const controller = new AbortController();
            controllers.push(controller);
            come += 1;
            queue.acquire(request(String(come), backend, controller.signal, 2)).then(
              (slot) => slots.push(slot),
              () => {
                refused += 1;
              },
            );
          } else if (kind === 'end') slots.splice(pick % Math.max(1, slots.length), 1)[0]?.release();
          else controllers[pick % Math.max(1, controllers.length)]?.abort();
          await settle();
          expect(queue.inFlight).toBeLessThanOrEqual(3);
          expect(queue.depth).toBeLessThanOrEqual(4);
          expect(queue.inFlightOf('a')).toBeLessThanOrEqual(2);
          expect(queue.inFlight).toBe(slots.length);
        }
        while (slots.length > 0) {
          slots.pop()?.release();
          await settle();
        }
        expect([queue.inFlight, queue.depth]).toEqual([0, 0]);
        expect(refused).toBeLessThanOrEqual(come);
      }),
      { numRuns: 100 },
    );
  });
});
