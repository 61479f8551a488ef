/**
 * 200 callers that hang up, in each phase: while they wait in the queue, before the first byte, in the middle of the stream, also
 * of one that others could have shared.
 * Measured is the time from the hang-up to the end of the call at the upstream; of a queued one, to its leaving the queue.
 */
import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChatClient } from './gateway/client.ts';
import { startGateway, startUpstream } from './gateway/processes.ts';
import { quantile, rounded } from './gateway/statistics.ts';

const COUNT = 200;
const AT_ONCE = 20;
const LIMIT_MS = 5000;
const POLL_MS = 5;
const now = () => performance.timeOrigin + performance.now();

interface Stats {
  readonly open: number;
  readonly ended: Readonly<Record<string, { readonly at: number; readonly complete: boolean }>>;
}

const slow = await startUpstream({ delayMs: 30_000 });
const dripping = await startUpstream({ delayMs: 0, chunks: 10_000, chunkMs: 20 });
const gateway = await startGateway({
  backends: [
    { name: 'slow', kind: 'openai', baseUrl: `${slow.url}/v1`, model: 'bench', maxConcurrent: 400 },
    { name: 'dripping', kind: 'openai', baseUrl: `${dripping.url}/v1`, model: 'bench', maxConcurrent: 400 },
    { name: 'full', kind: 'openai', baseUrl: `${slow.url}/v1`, model: 'bench', maxConcurrent: 1 },
  ],
  maxConcurrent: 1000,
  maxQueue: 1000,
});
const client = new ChatClient(gateway.url);

const json = async <T>(url: string): Promise<T> => (await (await fetch(url)).json()) as T;
const waiting = async (): Promise<Set<string>> => {
  const status = await json<{ waiting: { requestId: string }[] }>(`${gateway.url}/admin/status`);
  return new Set(status.waiting.map(({ requestId }) => requestId));
};

async function until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + LIMIT_MS;
  for (;;) {
    const found = await ask();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`${what} did not happen within ${LIMIT_MS} ms.`);
    await sleep(POLL_MS);
  }
}

/** Begins a call and returns how to hang up. */
function begin(model: string, stream: boolean, isShared = false) {
  const id = `bench-${randomUUID()}`;
  const controller = new AbortController();
  const headers = { 'x-request-id': id, ...(isShared ? {} : { 'cache-control': 'no-store' }) };
  const sampling = isShared ? { temperature: 0, content: id } : {};
  const ended = client
    .call({ model, stream, headers, signal: controller.signal, ...sampling })
    .then(() => 'answered' as const)
    .catch(() => 'aborted' as const);
  return {
    id,
    hangUp: async () => {
      const at = now();
      controller.abort();
      await ended;
      return at;
    },
  };
}

async function phase(
  open: () => ReturnType<typeof begin>,
  isThere: (ids: readonly string[]) => Promise<boolean>,
  endedAt: (id: string) => Promise<number | undefined>,
) {
  const delays: number[] = [];
  for (let done = 0; done < COUNT; done += AT_ONCE) {
    const calls = Array.from({ length: AT_ONCE }, open);
    const ids = calls.map(({ id }) => id);
    await until('The beginning of the calls', async () => ((await isThere(ids)) ? true : undefined));
    const left = await Promise.all(calls.map(async ({ hangUp, id }) => ({ id, at: await hangUp() })));
    for (const { at, id } of left) delays.push((await until('The end of a call', () => endedAt(id))) - at);
  }
  const within = delays.filter((ms) => ms <= 250).length;
  return {
    n: COUNT,
    closed: within,
    p50Ms: rounded(quantile(delays, 0.5)),
    maxMs: rounded(Math.max(...delays)),
  };
}

const endedOf = (upstream: string) => async (id: string) =>
  (await json<Stats>(`${upstream}/stats`)).ended[id]?.at;
const openOf = (upstream: string, more: number) => async () =>
  (await json<Stats>(`${upstream}/stats`)).open >= AT_ONCE + more;

try {
  const prefill = await phase(() => begin('slow', false), openOf(slow.url, 0), endedOf(slow.url));
  const decode = await phase(() => begin('dripping', true), openOf(dripping.url, 0), endedOf(dripping.url));
  const open = openOf(dripping.url, 0);
  const decodeShared = await phase(() => begin('dripping', true, true), open, endedOf(dripping.url));
  // The one slot of this backend is taken, so that everybody else waits.
  const holder = begin('full', false);
  await until('The call that holds the slot', async () =>
    (await json<Stats>(`${slow.url}/stats`)).open > 0 ? true : undefined,
  );
  const queued = await phase(
    () => begin('full', false),
    async (ids) => {
      const there = await waiting();
      return ids.every((id) => there.has(id));
    },
    async (id) => ((await waiting()).has(id) ? undefined : now()),
  );
  await holder.hangUp();
  const left = await json<{ inFlight: number; queueDepth: number }>(`${gateway.url}/admin/status`);
  console.log(
    JSON.stringify({
      bench: 'gateway-cancel',
      queued,
      prefill,
      decode,
      decodeShared,
      leftInFlight: left.inFlight,
      leftInQueue: left.queueDepth,
      against: 'upstreams in processes of their own; queued ones are seen by polling every 5 ms',
      node: process.version,
      cores: availableParallelism(),
    }),
  );
} finally {
  await client.close();
  await gateway.close();
  await slow.close();
  await dripping.close();
}
