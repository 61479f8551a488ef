/**
 * Ten minutes of mixed load: whole answers, streams, callers that hang up, cached ones. Whether memory and the delay of the
 * event loop stay flat. SOAK_SECONDS shortens it.
 */
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChatClient } from './gateway/client.ts';
import { residentMB, startGateway, startUpstream } from './gateway/processes.ts';
import { median, quantile, rounded } from './gateway/statistics.ts';

const SECONDS = Number(process.env.SOAK_SECONDS ?? 600);
const CALLERS = 24;
const PAUSE_MS = 60;
const LOOK_MS = 1000;
/** The first part warms up: code is compiled, pools and caches fill. */
const WARM_SHARE = 0.2;

const upstream = await startUpstream({ delayMs: 15, chunks: 20, chunkMs: 10 });
const gateway = await startGateway({
  backends: [{ name: 'upstream', kind: 'openai', baseUrl: `${upstream.url}/v1`, model: 'bench' }],
});
const client = new ChatClient(gateway.url);
let isOver = false;
let requests = 0;
let failed = 0;

async function caller(index: number): Promise<void> {
  for (let call = index; !isOver; call += 1) {
    const kind = call % 4;
    const controller = new AbortController();
    if (kind === 2) setTimeout(() => controller.abort(), 30);
    const content = kind === 3 ? `Cached ${call % 50}` : `Call ${index} ${call}`;
    await client
      .call({ content, stream: kind !== 0, signal: controller.signal })
      .then(({ isComplete, status }) => {
        if (status !== 200 || !isComplete) failed += 1;
      })
      .catch(() => {
        if (kind !== 2) failed += 1;
      });
    requests += 1;
    await sleep(PAUSE_MS);
  }
}

/** How late a health answer is tells how long the event loop was busy. */
async function look(): Promise<{
  readonly rssMB: number;
  readonly heapMB: number;
  readonly healthMs: number;
}> {
  const startedAt = performance.now();
  await (await fetch(`${gateway.url}/healthz`)).text();
  const healthMs = performance.now() - startedAt;
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
  const heap = Number(/^nodejs_heap_size_used_bytes (\S+)$/m.exec(metrics)?.[1]);
  return { healthMs, heapMB: heap / 1024 ** 2, rssMB: await residentMB(gateway.pid) };
}

try {
  const callers = Promise.all(Array.from({ length: CALLERS }, (_, index) => caller(index)));
  const looks: Awaited<ReturnType<typeof look>>[] = [];
  const deadline = performance.now() + SECONDS * 1000;
  while (performance.now() < deadline) {
    looks.push(await look());
    await sleep(LOOK_MS);
  }
  isOver = true;
  await callers;
  const warm = looks.slice(Math.floor(looks.length * WARM_SHARE));
  const quarter = Math.max(1, Math.floor(warm.length / 4));
  const memory = (part: typeof warm) => median(part.map(({ rssMB }) => rssMB));
  const [early, late] = [memory(warm.slice(0, quarter)), memory(warm.slice(-quarter))];
  // The least of a quarter is about what a collection leaves; what the process holds besides is V8's choice.
  const live = (part: typeof warm) => Math.min(...part.map(({ heapMB }) => heapMB));
  const delays = (part: typeof warm) =>
    quantile(
      part.map(({ healthMs }) => healthMs),
      0.99,
    );
  console.log(
    JSON.stringify({
      bench: 'gateway-soak',
      rssGrowthPercent: rounded((late / early - 1) * 100, 1),
      loopDelayP99Ms: rounded(delays(warm)),
      loopDelayFirstQuarterP99Ms: rounded(delays(warm.slice(0, quarter))),
      loopDelayLastQuarterP99Ms: rounded(delays(warm.slice(-quarter))),
      rssMB: Math.round(late),
      liveHeapFirstQuarterMB: rounded(live(warm.slice(0, quarter)), 1),
      liveHeapLastQuarterMB: rounded(live(warm.slice(-quarter)), 1),
      requests,
      failed,
      seconds: SECONDS,
      against: 'its own first quarter after warming up; the delay is that of a health answer',
      node: process.version,
      cores: availableParallelism(),
    }),
  );
} finally {
  isOver = true;
  await client.close();
  await gateway.close();
  await upstream.close();
}
