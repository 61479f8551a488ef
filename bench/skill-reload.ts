/**
 * From a saved SKILL.md to the gateway answering with it, in the sandbox and in a container with its bind mount.
 *
 * Two ways each: `save`, as the panel does it (atomic write, then a reload that proves the content live), and `outside`,
 * an editor's write that only the gateway's own watcher can notice.
 */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SkillsSnapshotSchema } from '../stack/agent-skills/src/index.ts';
import { type OpenStack, openStack } from './open-stack.ts';

const SAVES = 300;
const OUTSIDE_EDITS = 60;
const LIVE_LIMIT_MS = 5000;
const POLL_MS = 2;
const SKILL = 'bench-skill';

interface Times {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly n: number;
}

const textOf = (round: number): string =>
  `---\nname: ${SKILL}\ndescription: Used to measure reloads.\n---\n\nRound ${round}.\n`;

async function saveUntilLive({ panel }: OpenStack, round: number): Promise<number> {
  const startedAt = performance.now();
  const saved = await panel.skills.save({ id: SKILL, text: textOf(round), baseVersion: null });
  if (saved.kind !== 'saved' || saved.live.kind !== 'live')
    throw new Error(`Round ${round} was not live after the save: ${JSON.stringify(saved)}`);
  return performance.now() - startedAt;
}

async function editUntilLive(stack: OpenStack, round: number): Promise<number> {
  const text = textOf(round);
  const wanted = createHash('sha256').update(text).digest('hex');
  const headers = { authorization: `Bearer ${stack.adminKey}` };
  const startedAt = performance.now();
  await writeFile(path.join(stack.skills, SKILL, 'SKILL.md'), text);
  for (;;) {
    const response = await fetch(`${stack.gatewayUrl}/admin/skills`, { headers });
    const { skills } = SkillsSnapshotSchema.parse(await response.json());
    const ms = performance.now() - startedAt;
    if (skills.some((skill) => skill.name === SKILL && skill.sha256 === wanted)) return ms;
    if (ms > LIVE_LIMIT_MS)
      throw new Error(`Round ${round} was not live ${LIVE_LIMIT_MS} ms after the edit.`);
    await sleep(POLL_MS);
  }
}

function summarise(times: number[]): Times {
  times.sort((a, b) => a - b);
  const at = (share: number): number =>
    Math.round((times[Math.ceil(times.length * share) - 1] ?? 0) * 100) / 100;
  return { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1), n: times.length };
}

/** The two numbers of the budget are those of a save. */
async function measure(kind: 'docker' | 'sandbox') {
  const stack = await openStack(kind);
  try {
    await stack.panel.skills.create(SKILL);
    const save: number[] = [];
    const outside: number[] = [];
    for (let round = 1; round <= SAVES; round += 1) save.push(await saveUntilLive(stack, round));
    for (let round = 1; round <= OUTSIDE_EDITS; round += 1)
      outside.push(await editUntilLive(stack, SAVES + round));
    const { p50Ms, p99Ms } = summarise(save);
    return { p50Ms, p99Ms, save: summarise(save), outside: summarise(outside), against: stack.against };
  } finally {
    await stack.close();
  }
}

const sandbox = await measure('sandbox');
console.log(`sandbox: ${JSON.stringify(sandbox)}`);
const docker = await measure('docker');
console.log(
  JSON.stringify({
    bench: 'skill-reload',
    p50Ms: sandbox.p50Ms,
    p99Ms: sandbox.p99Ms,
    sandbox,
    docker,
    against: `${sandbox.against}; ${docker.against}; node ${process.version}, local file system`,
    cores: availableParallelism(),
  }),
);
process.exit(0);
