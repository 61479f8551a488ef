/**
 * What the gateway adds to an OpenAI upstream's answer: 32 callers, an upstream that answers after 40 ms, asked
 * directly, through the gateway, through nginx (the floor of any proxy), through a proxy in Node that does nothing (the
 * floor of any gateway in Node) and through Portkey's gateway, in turn.
 *
 * The upstream's time varies a little: with a fixed one all callers fall into step, 32 requests arrive in the same instant, and
 * what is measured is how long 32 of them take. Added latency is the difference of the quantiles of one round; the median
 * over the rounds is printed.
 */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { ChatClient, closedLoop, type Sample } from './gateway/client.ts';
import { cpuTimeUs } from './gateway/cpu-time.ts';
import { startNginx, startPortkey } from './gateway/peers.ts';
import { freePort, startGateway, startProgram, startUpstream } from './gateway/processes.ts';
import { median, quantile, rounded } from './gateway/statistics.ts';

const CALLERS = 32;
const REQUESTS = 1600;
const ROUNDS = 5;
const DELAY_MS = 40;
const SPREAD_MS = 10;

const upstream = await startUpstream({ delayMs: DELAY_MS, spreadMs: SPREAD_MS });
const gateway = await startGateway({
  backends: [{ name: 'upstream', kind: 'openai', baseUrl: `${upstream.url}/v1`, model: 'bench' }],
  maxConcurrent: 64,
});
const nginx = await startNginx(upstream.url);
const portkey = await startPortkey(upstream.url);
const barePort = await freePort();
const bare = await startProgram(
  process.execPath,
  [fileURLToPath(new URL('./gateway/bare-proxy.mjs', import.meta.url))],
  `http://127.0.0.1:${barePort}`,
  '/stats',
  { UPSTREAM: upstream.url, PORT: String(barePort), NODE_ENV: 'production' },
);
const WAYS = ['direct', 'gateway', 'nginx', 'bareNode', 'portkey'] as const;
type Way = (typeof WAYS)[number];
const target: Record<Way, { client: ChatClient; headers: Record<string, string> }> = {
  direct: { client: new ChatClient(upstream.url), headers: {} },
  // A cached answer would cost nothing, and is measured elsewhere.
  gateway: { client: new ChatClient(gateway.url), headers: { 'cache-control': 'no-store' } },
  nginx: { client: new ChatClient(nginx.url), headers: {} },
  bareNode: { client: new ChatClient(bare.url), headers: {} },
  portkey: { client: new ChatClient(portkey.url), headers: portkey.headers },
};

/** Of those that are one process. */
const pids: Partial<Record<Way, number>> = { gateway: gateway.pid, bareNode: bare.pid, portkey: portkey.pid };
/** Of each round of whole answers, for one request. */
const cpuUs: Record<Way, number[]> = { direct: [], gateway: [], nginx: [], bareNode: [], portkey: [] };

async function round(way: Way, stream: boolean, requests = REQUESTS): Promise<readonly Sample[]> {
  const { client, headers } = target[way];
  const pid = pids[way];
  const before = pid === undefined ? 0 : cpuTimeUs(pid);
  const samples = await closedLoop(CALLERS, requests, () => client.call({ stream, headers }));
  const failed = samples.find(({ isComplete, status }) => status !== 200 || !isComplete);
  if (failed !== undefined) throw new Error(`${way} answered with ${JSON.stringify(failed)}.`);
  if (pid !== undefined && !stream) cpuUs[way].push((cpuTimeUs(pid) - before) / requests);
  return samples;
}

const added = (
  of: (sample: Sample) => number,
  share: number,
  results: Record<Way, readonly Sample[]>[],
  way: Way,
) => median(results.map((one) => quantile(one[way].map(of), share) - quantile(one.direct.map(of), share)));

async function rounds(stream: boolean): Promise<Record<Way, readonly Sample[]>[]> {
  const results: Record<Way, readonly Sample[]>[] = [];
  for (const way of WAYS) await round(way, stream, REQUESTS / 4);
  for (let index = 0; index < ROUNDS; index += 1) {
    const result = {} as Record<Way, readonly Sample[]>;
    // The order changes: whoever comes first has the quieter machine.
    for (let step = 0; step < WAYS.length; step += 1) {
      const way = WAYS[(index + step) % WAYS.length];
      if (way !== undefined) result[way] = await round(way, stream);
    }
    results.push(result);
  }
  return results;
}

try {
  const whole = await rounds(false);
  const streamed = await rounds(true);
  const endMs = (sample: Sample) => sample.endMs;
  const firstMs = (sample: Sample) => sample.firstMs;
  const of = (way: Way) => ({
    p50Ms: rounded(added(endMs, 0.5, whole, way)),
    p99Ms: rounded(added(endMs, 0.99, whole, way)),
    firstChunkMs: rounded(added(firstMs, 0.5, streamed, way)),
  });
  const [own, floor, node, peer] = [of('gateway'), of('nginx'), of('bareNode'), of('portkey')];
  console.log(
    JSON.stringify({
      bench: 'gateway-overhead',
      ...own,
      vsPortkey: rounded(own.p50Ms / peer.p50Ms),
      vsNginx: rounded(own.p50Ms / floor.p50Ms),
      vsBareNode: rounded(own.p50Ms / node.p50Ms),
      p99VsBareNode: rounded(own.p99Ms / node.p99Ms),
      firstChunkVsBareNode: rounded(own.firstChunkMs / node.firstChunkMs),
      nginx: floor,
      bareNode: node,
      portkey: peer,
      cpuVsBareNode: rounded(median(cpuUs.gateway) / median(cpuUs.bareNode)),
      cpuUs: {
        gateway: Math.round(median(cpuUs.gateway)),
        bareNode: Math.round(median(cpuUs.bareNode)),
        portkey: Math.round(median(cpuUs.portkey)),
      },
      callers: CALLERS,
      upstreamMs: DELAY_MS,
      upstreamSpreadMs: SPREAD_MS,
      against: `${nginx.version}, ${portkey.version}, the same upstream`,
      node: process.version,
      cores: availableParallelism(),
    }),
  );
} finally {
  for (const { client } of Object.values(target)) await client.close();
  for (const program of [gateway, nginx, bare, portkey, upstream]) await program.close();
}
