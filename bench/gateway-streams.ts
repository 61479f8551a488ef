/**
 * Many server-sent event streams side by side: 1, 200 and 1,000, each of 60 chunks, one every 250 ms, begun within a second.
 * Errors, delay of the first chunk and gaps against the same upstream asked directly, and the gateway's resident memory.
 */
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChatClient, type Sample } from './gateway/client.ts';
import { residentMB, startGateway, startUpstream } from './gateway/processes.ts';
import { quantile, rounded } from './gateway/statistics.ts';

const CHUNKS = 60;
const CHUNK_MS = 250;
const BEGIN_WITHIN_MS = 1000;
const COUNTS = [1, 200, 1000] as const;

const upstream = await startUpstream({ delayMs: 20, chunks: CHUNKS, chunkMs: CHUNK_MS });
const gateway = await startGateway(
  {
    backends: [{ name: 'upstream', kind: 'openai', baseUrl: `${upstream.url}/v1`, model: 'bench' }],
    maxConcurrent: 2000,
  },
  { LOG_LEVEL: 'info' },
);
const viaGateway = new ChatClient(gateway.url);
const direct = new ChatClient(upstream.url);

async function streams(client: ChatClient, count: number) {
  const spread = BEGIN_WITHIN_MS / count;
  const outcomes = await Promise.allSettled(
    Array.from({ length: count }, async (_, index) => {
      await sleep(index * spread);
      return client.call({ stream: true, headers: { 'cache-control': 'no-store' } });
    }),
  );
  const samples = outcomes.flatMap((outcome): Sample[] =>
    outcome.status === 'fulfilled' ? [outcome.value] : [],
  );
  const errors = count - samples.filter(({ isComplete, status }) => status === 200 && isComplete).length;
  const gaps = samples.flatMap(({ gapsMs }) => gapsMs);
  return {
    errors,
    firstChunkMs: rounded(
      quantile(
        samples.map(({ firstMs }) => firstMs),
        0.5,
      ),
    ),
    firstChunkP99Ms: rounded(
      quantile(
        samples.map(({ firstMs }) => firstMs),
        0.99,
      ),
    ),
    gapP99Ms: rounded(quantile(gaps, 0.99)),
    gapMaxMs: rounded(quantile(gaps, 1)),
  };
}

async function withMemory(count: number) {
  let peak = 0;
  let isOver = false;
  const watch = (async () => {
    while (!isOver) {
      peak = Math.max(peak, await residentMB(gateway.pid));
      await sleep(200);
    }
  })();
  const result = await streams(viaGateway, count);
  isOver = true;
  await watch;
  return { ...result, rssMB: Math.round(peak) };
}

try {
  await streams(viaGateway, 1);
  const results: Record<string, unknown> = {};
  for (const count of COUNTS) {
    const alone = await streams(direct, count);
    results[`n${count}`] = { ...(await withMemory(count)), direct: alone };
  }
  console.log(
    JSON.stringify({
      bench: 'gateway-streams',
      ...results,
      chunks: CHUNKS,
      chunkMs: CHUNK_MS,
      against: 'the same upstream asked directly',
      node: process.version,
      cores: availableParallelism(),
    }),
  );
} finally {
  await viaGateway.close();
  await direct.close();
  await gateway.close();
  await upstream.close();
}
