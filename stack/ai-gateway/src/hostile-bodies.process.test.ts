import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { APIS, sendAnyBodies } from './testing/api-answers.ts';
import { startGateway, startUpstream, type TestGateway } from './testing/start-gateway.ts';

/** Of all APIs together. */
const CASES = 10_000;

describe('any body at all', () => {
  let upstream: { url: string; child: ChildProcess };
  let gateway: TestGateway;

  beforeAll(async () => {
    upstream = await startUpstream();
    gateway = await startGateway({ UPSTREAM_BASE_URL: `${upstream.url}/v1` });
    await vi.waitFor(() => expect(gateway.gateway.readiness().status).toBe('ready'));
  });
  afterAll(async () => {
    await gateway.close();
    upstream.child.kill();
  });

  test.each(Object.keys(APIS))(
    '%s answers in its own form, never with 500, never late',
    async (path) => {
      const seen = await sendAnyBodies(gateway.url, path, CASES / Object.keys(APIS).length);
      expect(gateway.gateway.queue.inFlight).toBe(0);
      // A generator that never makes a good body would prove nothing.
      expect(seen.answers).toBeGreaterThan(100);
      if (path !== '/v1/embeddings') expect(seen.streams).toBeGreaterThan(100);
    },
    300_000,
  );
});
