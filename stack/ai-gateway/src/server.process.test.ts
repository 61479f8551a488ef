import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startUpstream } from './testing/start-gateway.ts';

const SERVER = fileURLToPath(new URL('./server.ts', import.meta.url));
const SLOW = { timeout: 15_000, interval: 30 };

describe('the gateway process', () => {
  let directory: string;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'gateway-process-'));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await rm(directory, { recursive: true, force: true });
  });

  const run = (args: string[], env: Record<string, string> = {}) => {
    const child = spawn(process.execPath, [SERVER, ...args], {
      cwd: directory,
      env: { ...process.env, PORT: '0', ...env },
    });
    children.push(child);
    const seen = { output: '', exit: undefined as number | null | undefined };
    child.stdout.on('data', (text) => {
      seen.output += text;
    });
    child.stderr.on('data', (text) => {
      seen.output += text;
    });
    child.on('exit', (code) => {
      seen.exit = code;
    });
    return { child, seen };
  };
  const urlOf = async (seen: { output: string }): Promise<string> =>
    vi.waitFor(() => {
      const url = /"url":"([^"]+)"/.exec(seen.output)?.[1];
      if (url === undefined) throw new Error(`not listening yet: ${seen.output}`);
      return url;
    }, SLOW);

  test('refuses a broken configuration with a sentence and status 78', async () => {
    await writeFile(path.join(directory, 'config.json'), '{"maxConcurrent": 0}');
    for (const args of [[], ['--check', '--config', 'config.json']]) {
      const { seen } = run(args);
      await vi.waitFor(() => expect(seen.exit).toBe(78), SLOW);
      expect(seen.output).toContain('"maxConcurrent" must be at least 1, but 0 stands there.');
    }
  }, 30_000);

  test('lets a running answer end on SIGTERM and refuses new ones meanwhile', async () => {
    const upstream = await startUpstream();
    children.push(upstream.child);
    const { child, seen } = run([], { UPSTREAM_BASE_URL: `${upstream.url}/v1` });
    const url = await urlOf(seen);
    const ask = (content: string) =>
      fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'slow', stream: true, messages: [{ role: 'user', content }] }),
      });
    const answer = await ask('one two three four five six seven eight');
    child.kill('SIGTERM');
    await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).status).toBe(503), SLOW);
    expect((await ask('late')).status).toBe(503);
    expect(await answer.text()).toMatch(/eight>>[\s\S]*data: \[DONE\]\n\n$/);
    await vi.waitFor(() => expect(seen.exit).toBe(0), SLOW);
    expect(seen.output).not.toContain('one two three');
  }, 30_000);

  test('ends when its parent is gone', async () => {
    const parent = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    children.push(parent);
    const { seen } = run([], { SKILLDECK_PARENT_PID: String(parent.pid) });
    await urlOf(seen);
    parent.kill('SIGKILL');
    await vi.waitFor(() => expect(seen.exit).toBe(0), SLOW);
  }, 30_000);

  test('takes over a changed configuration, and keeps the last good one when it breaks', async () => {
    const file = path.join(directory, 'config.json');
    await writeFile(file, '{"maxConcurrent": 3}');
    const { seen } = run([]);
    const url = await urlOf(seen);
    const status = async () =>
      (await (await fetch(`${url}/admin/status`)).json()) as {
        maxConcurrent: number;
        config: { error?: string };
      };
    await writeFile(file, '{"maxConcurrent": 4}');
    await vi.waitFor(async () => expect((await status()).maxConcurrent).toBe(4), SLOW);
    await writeFile(file, '{"maxConcurrent": ');
    await vi.waitFor(async () => expect((await status()).config.error).toContain('it is not JSON'), SLOW);
    expect((await status()).maxConcurrent).toBe(4);
  }, 30_000);
});
