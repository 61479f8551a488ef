/**
 * Answers from the gateway's cache, against a bare node:http server that sends the same bytes, in turn. Load by wrk on the
 * same machine: generator and server share its cores.
 */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { freePort, startGateway, startProgram, startUpstream } from './gateway/processes.ts';
import { median, rounded } from './gateway/statistics.ts';
import { type WrkResult, wrk } from './gateway/wrk.ts';

const CONNECTIONS = 32;
const SECONDS = 4;
const ROUNDS = 5;
const BODY = JSON.stringify({
  model: 'bench',
  messages: [{ role: 'user', content: 'What is the capital of France?' }],
  temperature: 0,
});
const PATH = '/v1/chat/completions';

const upstream = await startUpstream();
const gateway = await startGateway({
  backends: [{ name: 'upstream', kind: 'openai', baseUrl: `${upstream.url}/v1`, model: 'bench' }],
});
const first = await fetch(gateway.url + PATH, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: BODY,
});
const answer = await first.text();
const again = await fetch(gateway.url + PATH, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: BODY,
});
await again.text();
const hit = again.headers.get('x-cache');
const port = await freePort();
const bareUrl = `http://127.0.0.1:${port}`;
const bareFile = fileURLToPath(new URL('./gateway/bare-server.mjs', import.meta.url));
const bareEnvironment = { BODY: answer, PORT: String(port), NODE_ENV: 'production' };
const bare = await startProgram(process.execPath, [bareFile], bareUrl, '/', bareEnvironment);

try {
  if (hit !== 'HIT') throw new Error(`The second answer did not come from the cache: x-cache is ${hit}.`);
  const load = (url: string, seconds = SECONDS) =>
    wrk({ url: url + PATH, body: BODY, connections: CONNECTIONS, seconds });
  await load(gateway.url, 2);
  await load(bare.url, 2);
  const own: WrkResult[] = [];
  const floor: WrkResult[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    own.push(await load(gateway.url));
    floor.push(await load(bare.url));
  }
  const rate = (results: readonly WrkResult[]) => median(results.map((one) => one.requestsPerSecond));
  console.log(
    JSON.stringify({
      bench: 'gateway-cached',
      rps: Math.round(rate(own)),
      ratio: rounded(rate(own) / rate(floor)),
      bareRps: Math.round(rate(floor)),
      p99Ms: rounded(median(own.map(({ p99Ms }) => p99Ms))),
      bareP99Ms: rounded(median(floor.map(({ p99Ms }) => p99Ms))),
      bytes: answer.length,
      connections: CONNECTIONS,
      against: 'a bare node:http server that sends the same bytes; load by wrk, one thread',
      node: process.version,
      cores: availableParallelism(),
    }),
  );
} finally {
  for (const program of [gateway, bare, upstream]) await program.close();
}
