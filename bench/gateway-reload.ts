/** 100 reloads of configuration and skills under load, half of them of broken files: how many requests fail. */
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChatClient, type Sample } from './gateway/client.ts';
import { startGateway, startUpstream } from './gateway/processes.ts';

const RELOADS = 100;
const CALLERS = 16;
const EVERY_MS = 150;

const upstream = await startUpstream({ delayMs: 10 });
const configOf = (maxQueue: number) => ({
  backends: [{ name: 'upstream', kind: 'openai', baseUrl: `${upstream.url}/v1`, model: 'bench' }],
  maxQueue,
});
const gateway = await startGateway(configOf(200));
const client = new ChatClient(gateway.url);
const skill = path.join(gateway.directory, 'skills', 'bench-skill');
await mkdir(skill, { recursive: true });

const good = (round: number) =>
  `---\nname: bench-skill\ndescription: Round ${round}.\n---\n\nRound ${round}.\n`;
const broken = (round: number) => `---\nname: [${round}\ndescription\n---\n`;

async function reload(round: number): Promise<void> {
  const isBroken = round % 2 === 1;
  await writeFile(path.join(skill, 'SKILL.md'), isBroken ? broken(round) : good(round));
  const config = isBroken ? '{ "backends": [' : JSON.stringify(configOf(200 + round));
  await writeFile(path.join(gateway.directory, 'config.json'), config);
  for (const what of ['skills', 'config'])
    await (await fetch(`${gateway.url}/admin/${what}/reload`, { method: 'POST' })).text();
}

let isOver = false;
const samples: Sample[] = [];
let broke = 0;
const load = Promise.all(
  Array.from({ length: CALLERS }, async (_, caller) => {
    for (let call = 0; !isOver; call += 1)
      await client
        .call({ stream: (caller + call) % 2 === 0, headers: { 'cache-control': 'no-store' } })
        .then((sample) => samples.push(sample))
        .catch(() => {
          broke += 1;
        });
  }),
);

try {
  for (let round = 1; round <= RELOADS; round += 1) {
    await reload(round);
    await sleep(EVERY_MS);
  }
  isOver = true;
  await load;
  const status = (await (await fetch(`${gateway.url}/admin/status`)).json()) as { generation: number };
  const failed = samples.filter(({ isComplete, status: code }) => code !== 200 || !isComplete).length + broke;
  console.log(
    JSON.stringify({
      bench: 'gateway-reload',
      requests: samples.length + broke,
      failed,
      reloads: RELOADS,
      generation: status.generation,
      against: 'the same gateway; every second file is broken',
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
