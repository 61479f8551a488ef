import { spawn } from 'node:child_process';
import path from 'node:path';
import { REPOSITORY } from './skilldeck.ts';

export const FAKE_UPSTREAM = path.join(REPOSITORY, 'e2e', 'fake-upstream', 'server.mjs');

export interface FakeUpstream {
  readonly baseUrl: string;
  close(): void;
}

/** The fake upstream as a process of its own, on a free loopback port. */
export async function startFakeUpstream(): Promise<FakeUpstream> {
  const child = spawn(process.execPath, [FAKE_UPSTREAM], {
    env: { PATH: process.env.PATH ?? '', PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const found = /http:\/\/\S+/.exec(text)?.[0];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`the fake upstream ended with code ${code}`)));
  });
  return { baseUrl: `${new URL(url).origin}/v1`, close: () => child.kill() };
}
