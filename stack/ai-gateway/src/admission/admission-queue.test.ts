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

  const ask = (id: string, more: object = {}) => ({ ...request(id), ...more });
  const orderOf = async (held: Slot, count: number, admitted: string[]) => {
    let current = held;
    for (let turn = 0; turn < count; turn += 1) {
      const before = admitted.length;
      current.release();
      await settle();
      const slot = slots.get(admitted[before] ?? '');
      if (slot === undefined) return;
      current = slot;
    }
  };
  const slots = new Map<string, Slot>();
  const enter = (queue: AdmissionQueue, admitted: string[], id: string, more: object = {}) =>
    void queue.acquire(ask(id, more)).then((slot) => {
      slots.set(id, slot);
      admitted.push(id);
    });

  test('gives each principal its share, however many requests one of them sends', async () => {
    const queue = new AdmissionQueue({ maxConcurrent: 1, maxQueue: 1000, queueTimeoutMs: 60_000 });
    const admitted: string[] = [];
    const held = await queue.acquire(request('first'));
    for (let index = 0; index < 60; index += 1)
      enter(queue, admitted, `script ${index}`, { principal: { id: 'script', weight: 1 } });
    for (let index = 0; index < 20; index += 1)
      enter(queue, admitted, `panel ${index}`, { principal: { id: 'panel', weight: 2 } });
    await orderOf(held, 30, admitted);
    const panel = admitted.filter((id) => id.startsWith('panel'));
    expect(panel.length).toBeGreaterThanOrEqual(19);
    expect(panel).toEqual([...panel].sort((a, b) => Number(a.slice(6)) - Number(b.slice(6))));
    expect(admitted.length - panel.length).toBeGreaterThanOrEqual(9);
  });

  test('lets interactive requests go before batch ones, until those have waited long enough', async () => {
    let now = 0;
    const limits = { maxConcurrent: 1, maxQueue: 1000, queueTimeoutMs: 600_000 };
    const queue = new AdmissionQueue(limits, () => now);
    const admitted: string[] = [];
    const held = await queue.acquire(request('first'));
    enter(queue, admitted, 'batch', { priority: 'batch' });
    enter(queue, admitted, 'chat 1');
    enter(queue, admitted, 'chat 2');
    await orderOf(held, 1, admitted);
    expect(admitted).toEqual(['chat 1']);
    now = 31_000;
    enter(queue, admitted, 'chat 3');
    slots.get('chat 1')?.release();
    await settle();
    expect(admitted).toEqual(['chat 1', 'batch']);
  });

  test('puts a request that comes again before all others', async () => {
    const queue = new AdmissionQueue({ maxConcurrent: 1, maxQueue: 1000, queueTimeoutMs: 60_000 });
    const admitted: string[] = [];
    const held = await queue.acquire(request('first'));
    enter(queue, admitted, 'new');
    enter(queue, admitted, 'again', { isAgain: true });
    await orderOf(held, 1, admitted);
    expect(admitted).toEqual(['again']);
  });

  test('bounds the prompts of those who wait, and says how long the wait would be', async () => {
    let now = 0;
    const limits = { maxConcurrent: 2, maxQueue: 1000, maxQueuedTokens: 100, queueTimeoutMs: 60_000 };
    const queue = new AdmissionQueue(limits, () => now);
    const [one, two] = [await queue.acquire(ask('1')), await queue.acquire(ask('2'))];
    now = 4000;
    one.release();
    await queue.acquire(ask('3'));
    const long = queue.acquire(ask('4', { promptTokens: 500 }));
    await expect(queue.acquire(ask('5', { promptTokens: 1 }))).rejects.toMatchObject({
      code: 'queue_tokens_full',
      retryAfterSeconds: 4,
    });
    expect(queue.snapshot().waiting).toMatchObject([
      { position: 1, promptTokens: 500, expectedWaitMs: 2000 },
    ]);
    two.release();
    (await long).release();
    expect(queue.queuedTokens).toBe(0);
  });

  test('stays quick and small with ten thousand who wait and leave', async () => {
    const queue = new AdmissionQueue({ maxConcurrent: 1, maxQueue: 10_000, queueTimeoutMs: 600_000 });
    const held = await queue.acquire(request('first'));
    const controllers = Array.from({ length: 10_000 }, () => new AbortController());
    const left: Promise<unknown>[] = [];
    for (const [index, { signal }] of controllers.entries()) {
      const principal = { id: `key ${index % 7}`, weight: 1 + (index % 3) };
      left.push(queue.acquire(ask(String(index), { signal, principal })).catch(() => undefined));
    }
    expect(queue.depth).toBe(10_000);
    for (const controller of controllers) controller.abort();
    await Promise.all(left);
    expect([queue.depth, queue.queuedTokens, queue.snapshot().waiting]).toEqual([0, 0, []]);
    held.release();
  });
});
