import { existsSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { LlamaCppBackend } from './backends/llama-cpp/llama-cpp-backend.ts';
import { APIS, sendAnyBodies } from './testing/api-answers.ts';
import { startGateway, type TestGateway } from './testing/start-gateway.ts';

const MODEL = fileURLToPath(new URL('../../models/skilldeck-demo.gguf', import.meta.url));
/** Of each API; one in ten gets words of the model. */
const CASES = Number(process.env.GATEWAY_FUZZ_CASES ?? 300);
const NEEDS = { meta: { needs: 'the demo model that the set-up makes' } };

describe.skipIf(!existsSync(MODEL))('any body at all, answered by llama.cpp', NEEDS, () => {
  let directory: string;
  let gateway: TestGateway;
  const status = () => {
    const [backend] = gateway.gateway.pool.backends;
    if (!(backend instanceof LlamaCppBackend)) throw new Error('no model');
    return backend.processStatus;
  };

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'gateway-bodies-'));
    // The bodies ask for a model of this name.
    const modelPath = path.join(directory, 'fake.gguf');
    await symlink(MODEL, modelPath);
    gateway = await startGateway({ MODEL_PATH: modelPath });
    const isReady = () => expect(gateway.gateway.readiness()).toEqual({ status: 'ready' });
    await vi.waitFor(isReady, { timeout: 20_000, interval: 50 });
  }, 30_000);
  afterAll(async () => {
    await gateway?.close();
    await rm(directory, { recursive: true, force: true });
  });

  test.each(Object.keys(APIS))(
    '%s never fails and never ends the process of the model',
    async (api) => {
      const { pid } = status();
      const seen = await sendAnyBodies(gateway.url, api, CASES, (text) => {
        expect(text).not.toMatch(/generation_failed|worker_crashed|"code":"internal"|could not answer/);
      });
      expect(status()).toMatchObject({ pid, openRequests: 0, state: 'ready' });
      expect(gateway.gateway.queue.inFlight).toBe(0);
      expect(seen.answers + seen.streams).toBeGreaterThan(CASES / 50);
    },
    300_000,
  );

  /** `d0`, which holds or offers `d1`, and so on, 25 times. */
  const chain = (of: (next: object) => object): object => {
    const ref = (index: number) => ({ $ref: `#/$defs/d${index}` });
    const links = Array.from({ length: 25 }, (_, index) => [`d${index}`, of(ref(index + 1))]);
    return { ...ref(0), $defs: { ...Object.fromEntries(links), d25: { type: 'string' } } };
  };
  const array = (next: object, most: number) => ({ type: 'array', prefixItems: [next], maxItems: most });

  test.each([
    ['offers each definition twice', chain((next) => ({ anyOf: [next, next] }))],
    ['can be read in two ways at each level', chain((next) => ({ anyOf: [array(next, 5), array(next, 6)] }))],
    [
      'is a grid of many dimensions',
      chain((next) => ({ type: 'array', items: next, minItems: 9, maxItems: 9 })),
    ],
    ['refers to itself', { $ref: '#/$defs/a', $defs: { a: { anyOf: [{ $ref: '#/$defs/a' }] } } }],
  ])('a schema that %s is refused at once', async (_what, schema) => {
    const messages = [{ role: 'user', content: 'hi' }];
    const format = { type: 'json_schema', json_schema: { name: 'a', schema } };
    const tool = { type: 'function', function: { name: 'f', parameters: schema } };
    for (const [api, body] of [
      ['/v1/chat/completions', { response_format: format }],
      ['/v1/chat/completions', { tools: [tool] }],
      ['/v1/messages', { tools: [{ name: 'f', input_schema: schema }], max_tokens: 9 }],
    ] as const) {
      const response = await fetch(gateway.url + api, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ messages, ...body }),
        signal: AbortSignal.timeout(2000),
      });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { code: 'unsupported' } });
    }
  });
});
