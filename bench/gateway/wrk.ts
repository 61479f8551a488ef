import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface WrkOptions {
  readonly url: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly seconds: number;
}

export interface WrkResult {
  readonly requestsPerSecond: number;
  readonly p99Ms: number;
}

/** Load by wrk: a generator in C leaves more of two cores to what is measured than one in Node. */
export async function wrk({ body, connections, headers = {}, seconds, url }: WrkOptions): Promise<WrkResult> {
  const directory = await mkdtemp(path.join(tmpdir(), 'skilldeck-bench-wrk-'));
  try {
    const script = path.join(directory, 'post.lua');
    const all = { 'content-type': 'application/json', ...headers };
    const lines = Object.entries(all).map(([name, value]) => `wrk.headers[${lua(name)}] = ${lua(value)}`);
    await writeFile(script, ['wrk.method = "POST"', `wrk.body = ${lua(body)}`, ...lines].join('\n'));
    const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', '-s', script, url];
    const { stdout } = await run('wrk', args).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') throw new Error('wrk is missing: apt-get install wrk');
      throw error;
    });
    const failures = /Non-2xx or 3xx responses: \d+|Socket errors: .*/.exec(stdout)?.[0];
    if (failures !== undefined) throw new Error(`${url}: ${failures}`);
    const p99 = /99%\s+([\d.]+)(us|ms|s)/.exec(stdout);
    const unit = { us: 0.001, ms: 1, s: 1000 }[p99?.[2] as 'us' | 'ms' | 's'] ?? Number.NaN;
    return {
      requestsPerSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
      p99Ms: Number(p99?.[1]) * unit,
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const lua = (text: string): string => JSON.stringify(text);
