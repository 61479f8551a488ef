import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { createApp } from '../app.ts';
import { createBackend } from '../backends/create-backend.ts';
import { ConfigService, loadConfig } from '../config/config-service.ts';
import { Gateway } from '../gateway.ts';
import { createLogger } from '../observability/logger.ts';

export interface TestGateway {
  readonly url: string;
  readonly directory: string;
  readonly app: FastifyInstance;
  readonly gateway: Gateway;
  writeSkill(name: string, text: string | Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** A gateway on a real socket over a folder of its own. */
export async function startGateway(
  variables: Readonly<Record<string, string>> = {},
  config: unknown = { backends: [] },
): Promise<TestGateway> {
  const directory = await mkdtemp(path.join(tmpdir(), 'gateway-test-'));
  const options = {
    path: path.join(directory, 'config.json'),
    variables: { DATA_DIR: directory, LOG_LEVEL: 'silent', ...variables },
    workingDirectory: directory,
  };
  await writeFile(options.path, JSON.stringify(config));
  const loaded = await loadConfig(options);
  if (loaded.kind === 'invalid') throw new Error(JSON.stringify(loaded.problems));
  const logger = createLogger(loaded.config.logLevel);
  const gateway = new Gateway({ config: new ConfigService(options, loaded), logger, createBackend });
  const app = createApp(gateway);
  await gateway.start();
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    directory,
    app,
    gateway,
    writeSkill: async (name, text) => {
      await mkdir(path.join(directory, 'skills', name), { recursive: true });
      await writeFile(path.join(directory, 'skills', name, 'SKILL.md'), text);
    },
    close: async () => {
      app.server.closeAllConnections();
      await app.close();
      await gateway.dispose();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const FAKE_UPSTREAM = fileURLToPath(new URL('../../../../e2e/fake-upstream/server.mjs', import.meta.url));

const HOSTILE_UPSTREAM = fileURLToPath(new URL('./hostile-upstream.mjs', import.meta.url));

/** The fake OpenAI upstream as a process of its own. */
export function startUpstream(): Promise<{ url: string; child: ChildProcess }> {
  return start(FAKE_UPSTREAM);
}

/** One that misbehaves in the way that the model's name says. */
export function startHostileUpstream(): Promise<{ url: string; child: ChildProcess }> {
  return start(HOSTILE_UPSTREAM);
}

async function start(program: string): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, PORT: '0', SLOW_MS: '50' },
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.stdout.once('data', (text) => resolve(String(text).trim().replace('listening on ', '')));
  });
  return { url, child };
}
