import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DockerEngine } from './docker-engine.ts';

export type FakeRoute = (response: ServerResponse, request: IncomingMessage, query: URLSearchParams) => void;

export interface FakeDocker {
  readonly socketPath: string;
  readonly engine: DockerEngine;
  /** `METHOD /path` without version and query, in the order of their arrival. */
  readonly requests: readonly string[];
  /** Cuts all connections and stops listening. */
  readonly stop: () => Promise<void>;
}

/**
 * For tests only: an HTTP server that speaks as much of the Engine API as a test needs, on a socket of its own.
 *
 * @param routes by `METHOD /path`; what has none is answered with 404.
 */
export async function startFakeDocker(routes: Readonly<Record<string, FakeRoute>>): Promise<FakeDocker> {
  const folder = await mkdtemp(join(tmpdir(), 'skilldeck-fake-docker-'));
  const socketPath = join(folder, 'docker.sock');
  const requests: string[] = [];
  const all: Readonly<Record<string, FakeRoute>> = {
    'GET /version': json({ Version: '28.0.0', ApiVersion: '1.48', MinAPIVersion: '1.24' }),
    'GET /info': json({ MemTotal: 8 * 1024 ** 3 }),
    'GET /_ping': json({}),
    ...routes,
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://docker');
    const key = `${request.method} ${url.pathname.replace(/^\/v1\.\d+/, '')}`;
    requests.push(key);
    const route = all[key];
    if (route) route(response, request, url.searchParams);
    else refuse(404, `no such thing: ${key}`)(response, request, url.searchParams);
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  const facts = {
    platform: process.platform,
    env: { DOCKER_HOST: `unix://${socketPath}` },
    homeDir: folder,
    readText: async () => undefined,
  };
  const engine = new DockerEngine({ facts, isInstalled: async () => false });
  return {
    socketPath,
    engine,
    requests,
    stop: async () => {
      await engine.dispose();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function json(body: unknown, status = 200): FakeRoute {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
}

export function refuse(status: number, message: string): FakeRoute {
  return json({ message }, status);
}

/** A body in pieces, each flushed on its own; ends afterwards. */
export function pieces(...parts: readonly (string | Buffer)[]): FakeRoute {
  return (response) => {
    response.writeHead(200);
    const next = (index: number) => {
      const part = parts[index];
      if (part === undefined) response.end();
      else response.write(part, () => setImmediate(next, index + 1));
    };
    next(0);
  };
}
