/**
 * Ten times what the backend can do, for 30 seconds: how much of its capacity still ends in whole answers, how soon the rest
 * is told to come again, and whether anything is lost or answered twice.
 *
 * Open loop: calls begin on time whatever has become of those before.
 */
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChatClient, closedLoop, type Sample } from './gateway/client.ts';
import { startGateway, startUpstream } from './gateway/processes.ts';
import { quantile, rounded } from './gateway/statistics.ts';

const SLOTS = 8;
const ANSWER_MS = 200;
const FACTOR = 10;
const SECONDS = 30;
const CAPACITY = (SLOTS * 1000) / ANSWER_MS;

const upstream = await startUpstream({ delayMs: ANSWER_MS });
const gateway = await startGateway({
  backends: [
    { name: 'upstream', kind: 'openai', baseUrl: `${upstream.url}/v1`, model: 'bench', maxConcurrent: SLOTS },
  ],
  maxConcurrent: SLOTS,
  maxQueue: SLOTS * 4,
});
const client = new ChatClient(gateway.url);
const headers = { 'cache-control': 'no-store' };

async function overload(): Promise<{ samples: Sample[]; lost: number; begun: number }> {
  const samples: Sample[] = [];
  let lost = 0;
  let begun = 0;
  const calls: Promise<void>[] = [];
  const startedAt = performance.now();
  const total = CAPACITY * FACTOR * SECONDS;
  while (begun < total) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) / 1000) * CAPACITY * FACTOR));
    for (; begun < due; begun += 1)
      calls.push(
        client.call({ headers }).then(
          (sample) => void samples.push(sample),
          () => {
            lost += 1;
          },
        ),
      );
    await sleep(5);
  }
  await Promise.all(calls);
  return { samples, lost, begun };
}

try {
  await closedLoop(SLOTS, 40, () => client.call({ headers }));
  const alone = performance.now();
  const calm = await closedLoop(SLOTS, CAPACITY * 5, () => client.call({ headers }));
  const calmRate = (calm.length * 1000) / (performance.now() - alone);
  const before = ((await (await fetch(`${upstream.url}/stats`)).json()) as { requests: number }).requests;
  const startedAt = performance.now();
  const { begun, lost, samples } = await overload();
  const seconds = (performance.now() - startedAt) / 1000;
  const after = ((await (await fetch(`${upstream.url}/stats`)).json()) as { requests: number }).requests;
  const good = samples.filter(({ isComplete, status }) => status === 200 && isComplete);
  const rejected = samples.filter(({ status }) => status === 429 || status === 503);
  const rejectMs = rejected.map(({ endMs }) => endMs);
  console.log(
    JSON.stringify({
      bench: 'gateway-overload',
      goodputRatio: rounded(good.length / seconds / calmRate),
      rejectMaxMs: rounded(quantile(rejectMs, 1)),
      rejectP99Ms: rounded(quantile(rejectMs, 0.99)),
      retryAfter: rounded(
        rejected.filter(({ retryAfter }) => Number(retryAfter) >= 1).length / Math.max(1, rejected.length),
      ),
      offered: begun,
      answered: good.length,
      rejected: rejected.length,
      lost,
      other: samples.length - good.length - rejected.length,
      askedTwice: after - before - good.length,
      capacityPerSecond: CAPACITY,
      seconds: rounded(seconds),
      against: 'the same gateway with as many callers as slots',
      node: process.version,
      cores: availableParallelism(),
    }),
  );
} finally {
  await client.close();
  await gateway.close();
  await upstream.close();
}
