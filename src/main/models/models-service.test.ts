import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GatewayStatus } from '@skilldeck/agent-skills';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { GatewayClient } from '../gateway/gateway-client.ts';
import { silentLogger } from '../lifetime/logger.ts';
import { ModelsService, type SecretStore } from './models-service.ts';

const KEY = 'sk-very-secret';
const SERVER = 'http://127.0.0.1:1/v1';

let directory: string;
let configFile: string;
/** Stands for the gateway, and for an upstream where one is asked. */
let server: Server;
let url: string;
/** What came in, in its order; the configuration as it was on disk at that moment. */
let calls: { call: string; body: unknown; config: string; authorization: string | undefined }[];
let status: GatewayStatus;
let up: boolean;
let keychain: Map<string, string>;
let keychainWorks: boolean;
let listeners: Set<() => void>;
let client: GatewayClient;
let models: ModelsService;

const secrets: SecretStore = {
  available: () => keychainWorks,
  get: (name) => keychain.get(name),
  set: async (name, value) => void keychain.set(name, value),
  delete: async (name) => void keychain.delete(name),
};

function statusWith(backends: GatewayStatus['backends']): GatewayStatus {
  return {
    status: 'ready',
    version: '1',
    uptimeSeconds: 1,
    generation: 1,
    inFlight: 1,
    queueDepth: 2,
    maxConcurrent: 50,
    maxQueue: 200,
    running: [],
    waiting: [],
    backends,
    config: { path: configFile, loadedAt: '', restartRequired: [], secrets: [] },
  };
}

function openService(): ModelsService {
  return new ModelsService({
    configFile,
    modelsDirectory: directory,
    gateway: client,
    onGatewayChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    secrets,
    logger: silentLogger,
    ollamaHost: undefined,
    chooseFile: async () => join(directory, 'own.gguf'),
  });
}

const now = async () => (await models.subscribe(AbortSignal.timeout(5000)).next()).value;
const config = () => readFile(configFile, 'utf8');
const pushed = () => calls.filter(({ call }) => call === 'PUT /admin/secrets');
const gatewayChanges = () => {
  for (const listener of listeners) listener();
};

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'skilldeck-models-'));
  configFile = join(directory, 'config.json');
  await writeFile(configFile, '{ "backends": [], "maxConcurrent": 7 }');
  calls = [];
  status = statusWith([]);
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk;
    });
    request.on('end', async () => {
      const call = `${request.method} ${request.url}`;
      if (call !== 'GET /admin/status')
        calls.push({
          call,
          body: text === '' ? undefined : JSON.parse(text),
          config: await config(),
          authorization: request.headers.authorization,
        });
      response.end(JSON.stringify(call === 'GET /admin/status' ? status : { data: [] }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  up = true;
  keychain = new Map();
  keychainWorks = true;
  listeners = new Set();
  client = new GatewayClient(() =>
    up ? { baseUrl: url, chatBaseUrl: `${url}/v1`, apiKey: 'sk-gateway', adminKey: 'sk-gateway' } : undefined,
  );
  models = openService();
});

afterEach(async () => {
  models.dispose();
  await client.dispose();
  server.closeAllConnections();
  server.close();
  await rm(directory, { recursive: true, force: true });
});

test('a key goes to the keychain and to the gateway, never into the configuration', async () => {
  await models.chooseUpstream({ baseUrl: `${SERVER}/`, model: 'qwen3', apiKey: KEY });
  expect(JSON.parse(await config())).toEqual({
    backends: [
      { name: 'upstream', kind: 'openai', baseUrl: SERVER, model: 'qwen3', apiKeySecret: 'upstream' },
    ],
    maxConcurrent: 7,
  });
  expect(calls.map(({ call, body }) => [call, body])).toEqual([
    ['PUT /admin/secrets', { upstream: KEY }],
    ['POST /admin/config/reload', {}],
  ]);
  expect(Object.fromEntries(keychain)).toEqual({ upstream: KEY });
  expect(models.secretValues).toEqual([KEY]);
});

test('without a keychain the key lives as long as the app', async () => {
  keychainWorks = false;
  await models.chooseUpstream({ baseUrl: SERVER, apiKey: KEY });
  expect(keychain.size).toBe(0);
  expect(await config()).not.toContain(KEY);
  expect(models.secretValues).toEqual([KEY]);
});

test('a gateway that started again is given the key again', async () => {
  await models.chooseUpstream({ baseUrl: SERVER, apiKey: KEY });
  up = false;
  gatewayChanges();
  up = true;
  gatewayChanges();
  await vi.waitFor(() =>
    expect(pushed().map(({ body }) => body)).toEqual([{ upstream: KEY }, { upstream: KEY }]),
  );
});

test('a key of the last time comes out of the keychain', async () => {
  keychain.set('upstream', KEY);
  models.dispose();
  models = openService();
  gatewayChanges();
  await vi.waitFor(() => expect(pushed()[0]?.body).toEqual({ upstream: KEY }));
});

test('another server does not get the key of the one before', async () => {
  await models.chooseUpstream({ baseUrl: SERVER, apiKey: KEY });
  calls = [];
  await models.chooseUpstream({ baseUrl: 'http://127.0.0.1:2/v1' });
  // The gateway has forgotten it before it can read the new address.
  expect(calls[0]).toMatchObject({ call: 'PUT /admin/secrets', body: { upstream: '' } });
  expect(calls[0]?.config).toContain(SERVER);
  expect(await config()).not.toContain('apiKeySecret');
  expect([...keychain, ...models.secretValues]).toEqual([]);
});

test('another server with a key of its own gets only that', async () => {
  await models.chooseUpstream({ baseUrl: SERVER, apiKey: KEY });
  calls = [];
  await models.chooseUpstream({
    baseUrl: 'http://127.0.0.1:2/v1',
    apiKey: 'sk-second',
  });
  expect(pushed().map(({ body }) => body)).toEqual([{ upstream: '' }, { upstream: 'sk-second' }]);
});

test('the same server keeps its key when only the model changes', async () => {
  await models.chooseUpstream({ baseUrl: SERVER, apiKey: KEY });
  await models.chooseUpstream({ baseUrl: SERVER, model: 'other' });
  expect(JSON.parse(await config()).backends[0]).toMatchObject({ model: 'other', apiKeySecret: 'upstream' });
  expect(models.secretValues).toEqual([KEY]);
});

test('looking at an address does not carry the kept key there', async () => {
  await models.chooseUpstream({ baseUrl: SERVER, apiKey: KEY });
  calls = [];
  await models.probe(`${url}/v1`, undefined);
  await models.probe(`${url}/v1`, 'sk-typed');
  expect(calls.map(({ authorization }) => authorization)).toEqual([undefined, 'Bearer sk-typed']);
  await models.chooseUpstream({ baseUrl: `${url}/v1`, apiKey: KEY });
  calls = [];
  await models.probe(`${url}/v1/`, undefined);
  expect(calls.map(({ authorization }) => authorization)).toEqual([`Bearer ${KEY}`]);
});

test('the demo model and a file of one’s own are chosen without a gateway, too', async () => {
  up = false;
  await writeFile(join(directory, 'own.gguf'), `GGUF${'x'.repeat(100)}`);
  expect(await models.chooseGguf()).toBe(true);
  expect(JSON.parse(await config()).backends[0]).toMatchObject({ modelPath: 'models/own.gguf' });
  await models.chooseDemo();
  expect(JSON.parse(await config()).backends[0]).toMatchObject({ modelPath: 'models/skilldeck-demo.gguf' });
  expect(calls).toEqual([]);
});

test('a broken configuration is shown, not overwritten', async () => {
  await writeFile(configFile, '{ "backends": ');
  await expect(models.chooseDemo()).rejects.toMatchObject({ code: 'config.invalid' });
  expect(await config()).toBe('{ "backends": ');
  gatewayChanges();
  await vi.waitFor(async () =>
    expect(await now()).toMatchObject({ configError: { code: 'config.invalid', params: { line: 1 } } }),
  );
});

test('tells what the gateway serves, how full it is, and when it is gone', async () => {
  const model = { id: 'skilldeck-demo', name: 'demo', demo: true, contextSize: 512 };
  status = statusWith([{ name: 'local', kind: 'llama-cpp', state: 'ready', inFlight: 0, models: [], model }]);
  gatewayChanges();
  await vi.waitFor(async () =>
    expect(await now()).toMatchObject({
      serving: { kind: 'ready', models: [{ id: 'skilldeck-demo', demo: true, contextSize: 512 }] },
      queue: { inFlight: 1, waiting: 2, maxConcurrent: 50 },
    }),
  );
  up = false;
  gatewayChanges();
  await vi.waitFor(async () =>
    expect(await now()).toMatchObject({ serving: { kind: 'gateway_not_running' } }),
  );
});

test('a model that sleeps is there to be asked', async () => {
  const model = { id: 'skilldeck-demo', name: 'demo', contextSize: 512 };
  status = statusWith([
    { name: 'local', kind: 'llama-cpp', state: 'sleeping', inFlight: 0, models: [], model },
  ]);
  gatewayChanges();
  await vi.waitFor(async () =>
    expect(await now()).toMatchObject({ serving: { kind: 'ready', models: [{ id: 'skilldeck-demo' }] } }),
  );
});

test('ends with its subscription to the gateway', () => {
  models.dispose();
  expect(listeners.size).toBe(0);
});
