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
});
