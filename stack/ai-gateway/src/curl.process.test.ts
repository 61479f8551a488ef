import { type ChildProcess, execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startGateway, startUpstream, type TestGateway } from './testing/start-gateway.ts';

const hasCurl = spawnSync('curl', ['--version']).status === 0;
const run = promisify(execFile);

// The commands that docs/gateway-api.md shows, as a person types them.
describe.skipIf(!hasCurl)('curl', { meta: { needs: 'curl' } }, () => {
  let upstream: { url: string; child: ChildProcess };
  let gateway: TestGateway;

  beforeAll(async () => {
    upstream = await startUpstream();
    gateway = await startGateway({ UPSTREAM_BASE_URL: `${upstream.url}/v1`, GATEWAY_API_KEY: 'sk-test' });
    await vi.waitFor(() => expect(gateway.gateway.readiness().status).toBe('ready'));
  });
  afterAll(async () => {
    await gateway.close();
    upstream.child.kill();
  });

  const curl = async (path: string, ...args: string[]): Promise<string> =>
    (await run('curl', ['-sS', '-w', '\n%{http_code}', gateway.url + path, ...args])).stdout;
  const JSON_TYPE = ['-H', 'content-type: application/json'];
  const KEY = ['-H', 'authorization: Bearer sk-test'];

  test('chats', async () => {
    const body = '{"messages":[{"role":"user","content":"Hello"}]}';
    const text = await curl('/v1/chat/completions', ...JSON_TYPE, ...KEY, '-d', body);
    expect(text).toMatch(/"content":"SYSTEM<<>> USER<<Hello>>".*\n200$/);
  });

  test('streams a message', async () => {
    const body =
      '{"model":"auto","max_tokens":200,"stream":true,"messages":[{"role":"user","content":"Hello"}]}';
    const text = await curl('/v1/messages', '-N', ...JSON_TYPE, '-H', 'x-api-key: sk-test', '-d', body);
    expect(text).toMatch(
      /^event: message_start\n.*event: message_stop\ndata: \{"type":"message_stop"\}\n\n\n200$/s,
    );
  });

  test('is told what it forgot', async () => {
    expect(await curl('/v1/chat/completions', ...JSON_TYPE, '-d', '{}')).toMatch(
      /asks for an API key\..*\n401$/,
    );
    expect(await curl('/v1/chat/completions', ...KEY, '-d', '{}')).toMatch(
      /sent as application\/json\..*\n415$/,
    );
    expect(await curl('/v1/chat/completions', ...KEY, ...JSON_TYPE, '-d', '{"messages":[]}')).toMatch(
      /\\"messages\\" is not as the API wants it.*\n400$/,
    );
    expect(await curl('/v1/chat/completions', ...KEY)).toMatch(/does not take GET\. It takes POST\..*\n405$/);
    expect(await curl('/v1/messages', ...JSON_TYPE, '-d', '{"messages"')).toMatch(
      /"authentication_error".*\n401$/,
    );
    expect(await curl('/v1/messages', ...KEY, ...JSON_TYPE, '-d', '{"messages"')).toMatch(
      /^\{"type":"error".*not valid JSON.*\n400$/,
    );
  });
});
