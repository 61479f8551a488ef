import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';

const SERVER = fileURLToPath(new URL('../server.ts', import.meta.url));

export interface GatewayProcess {
  readonly url: string;
  /** Of its file and its data. */
  readonly directory: string;
  readonly child: ChildProcess;
  /** The exit code. */
  readonly exit: Promise<number | null>;
  /** All that it has written so far. */
  readonly output: string;
  close(): Promise<void>;
}

/** The gateway as it is started by others: a program with a file and an environment. */
export async function startGatewayProcess(
  config: object,
  variables: Readonly<Record<string, string>> = {},
): Promise<GatewayProcess> {
  const directory = await mkdtemp(path.join(tmpdir(), 'gateway-process-'));
  const file = path.join(directory, 'config.json');
  await writeFile(file, JSON.stringify(config));
  const child = spawn(process.execPath, [SERVER], {
    cwd: directory,
    env: { ...process.env, PORT: '0', DATA_DIR: directory, CONFIG_PATH: file, ...variables },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      output += text;
    });
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const url = await vi.waitFor(
    () => {
      const told = /"url":"([^"]+)"/.exec(output)?.[1];
      if (told === undefined) throw new Error(`not listening yet: ${output}`);
      return told;
    },
    { timeout: 15_000, interval: 30 },
  );
  return {
    url,
    directory,
    child,
    exit,
    get output() {
      return output;
    },
    close: async () => {
      child.kill('SIGKILL');
      await exit;
      await rm(directory, { recursive: true, force: true });
    },
  };
}
