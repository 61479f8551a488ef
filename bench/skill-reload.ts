/**
 * From a saved SKILL.md to the gateway answering with it, on a gateway process started here.
 *
 * Two ways: `save`, as the panel does it (atomic write, then a reload that proves the content live), and `outside`, an
 * editor's write that only the gateway's own watcher can notice.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type ReloadResult,
  ReloadResultSchema,
  SkillsSnapshotSchema,
} from '../stack/agent-skills/src/index.ts';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const SERVER = path.join(ROOT, 'stack/ai-gateway/dist/server.js');
const SAVES = 300;
const OUTSIDE_EDITS = 60;
const LIVE_LIMIT_MS = 5000;
const SKILL = 'bench-skill';

const textOf = (round: number): string =>
  `---\nname: ${SKILL}\ndescription: Used to measure reloads.\n---\n\nRound ${round}.\n`;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

async function start(directory: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [SERVER], {
    cwd: directory,
    env: {
      ...process.env,
      DATA_DIR: directory,
      PORT: '0',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      SKILLDECK_PARENT_PID: String(process.pid),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (text) => {
      output = (output + text).slice(-10_000);
      const found = /"url":"([^"]+)"/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`The gateway ended with ${code}: ${output}`)));
  });
  return { child, url };
}

async function reload(url: string, expect: { name: string; sha256: string }): Promise<ReloadResult> {
  const response = await fetch(`${url}/admin/skills/reload`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ expect }),
  });
  return ReloadResultSchema.parse(await response.json());
}

async function saveUntilLive(url: string, file: string, round: number): Promise<number> {
  const text = textOf(round);
  const startedAt = performance.now();
  await writeFile(`${file}.tmp`, text);
  await rename(`${file}.tmp`, file);
  const result = await reload(url, { name: SKILL, sha256: sha256(text) });
  if (result.expected?.live !== true) throw new Error(`Round ${round} was not live after the reload.`);
  return performance.now() - startedAt;
}

async function editUntilLive(url: string, file: string, round: number): Promise<number> {
  const text = textOf(round);
  const wanted = sha256(text);
  const startedAt = performance.now();
  await writeFile(file, text);
  for (;;) {
    const snapshot = SkillsSnapshotSchema.parse(await (await fetch(`${url}/admin/skills`)).json());
    const ms = performance.now() - startedAt;
    if (snapshot.skills.some((skill) => skill.name === SKILL && skill.sha256 === wanted)) return ms;
    if (ms > LIVE_LIMIT_MS)
      throw new Error(`Round ${round} was not live ${LIVE_LIMIT_MS} ms after the edit.`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

function summarise(times: number[]): { p50Ms: number; p99Ms: number; maxMs: number; n: number } {
  times.sort((a, b) => a - b);
  const at = (share: number): number =>
    Math.round((times[Math.ceil(times.length * share) - 1] ?? 0) * 100) / 100;
  return { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1), n: times.length };
}

const directory = await mkdtemp(path.join(tmpdir(), 'bench-skill-reload-'));
let child: ChildProcess | undefined;
try {
  await cp(path.join(ROOT, 'stack/skills'), path.join(directory, 'skills'), { recursive: true });
  const folder = path.join(directory, 'skills', SKILL);
  await mkdir(folder);
  const file = path.join(folder, 'SKILL.md');
  await writeFile(file, textOf(0));
  const gateway = await start(directory);
  child = gateway.child;
  const save: number[] = [];
  const outside: number[] = [];
  for (let round = 1; round <= SAVES; round += 1) save.push(await saveUntilLive(gateway.url, file, round));
  for (let round = 1; round <= OUTSIDE_EDITS; round += 1)
    outside.push(await editUntilLive(gateway.url, file, SAVES + round));
  const { p50Ms, p99Ms } = summarise(save);
  const against = `gateway process on node ${process.version}, local file system`;
  console.log(
    JSON.stringify({
      bench: 'skill-reload',
      p50Ms,
      p99Ms,
      save: summarise(save),
      outside: summarise(outside),
      against,
      cores: availableParallelism(),
    }),
  );
} finally {
  child?.kill();
  await rm(directory, { recursive: true, force: true });
}
