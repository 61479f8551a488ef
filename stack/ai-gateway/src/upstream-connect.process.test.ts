import { type ChildProcess, spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startGateway, type TestGateway } from './testing/start-gateway.ts';
import { startUpstreamStub, type UpstreamStub } from './testing/start-upstream-stub.ts';

const LISTEN = `
const server = require('node:net').createServer();
server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => console.log(server.address().port));`;

let child: ChildProcess;
let port: number;
const callers: Socket[] = [];
let spare: UpstreamStub;
let gateway: TestGateway;

/** Listens, and is stopped: the kernel takes a few connections for it, and leaves the next ones without an answer. */
beforeEach(async () => {
  child = spawn(process.execPath, ['-e', LISTEN]);
  port = await new Promise<number>((resolve) =>
    child.stdout?.once('data', (text) => resolve(Number(String(text)))),
  );
  child.kill('SIGSTOP');
  while (await isTaken()) expect(callers.length).toBeLessThan(100);
  spare = await startUpstreamStub();
});
afterEach(async () => {
  for (const caller of callers.splice(0)) caller.destroy();
  child.kill('SIGKILL');
  await gateway?.close();
  await spare.close();
});

/** Whether the kernel still takes one more. */
function isTaken(): Promise<boolean> {
  const caller = connect({ host: '127.0.0.1', port });
  callers.push(caller);
  return new Promise((resolve) => {
    caller.once('connect', () => resolve(true));
    caller.once('error', () => resolve(false));
    setTimeout(() => resolve(false), 300);
  });
}

const start = async (connectMs: number) => {
  gateway = await startGateway(
    {},
    {
      backends: [
        { name: 'silent', kind: 'openai', baseUrl: `http://127.0.0.1:${port}/v1`, model: 'm' },
        { name: 'spare', kind: 'openai', baseUrl: spare.url, model: 'stub' },
      ],
      models: { both: ['silent/m', 'spare/stub'] },
      timeouts: { connectMs },
    },
  );
};
const ask = async (model: string) => {
  const startedAt = performance.now();
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hello' }] }),
  });
  return { response, ms: performance.now() - startedAt, text: await response.text() };
};
const POSIX = { meta: { needs: 'SIGSTOP' } };

test.skipIf(process.platform === 'win32')(
  'an upstream that does not take the connection gets a coded error after connectMs',
  POSIX,
  async () => {
    await start(1000);
    const { ms, response, text } = await ask('silent/m');
    expect([response.status, JSON.parse(text).error]).toMatchObject([
      504,
      { code: 'upstream_timeout', message: expect.stringContaining('did not accept a connection in time') },
    ]);
    // undici looks at its clocks every half second, and a second attempt has its own time.
    expect(ms).toBeGreaterThan(900);
    expect(ms).toBeLessThan(10_000);
  },
);

test.skipIf(process.platform === 'win32')('another one is asked then', POSIX, async () => {
  await start(1000);
  const { response, text } = await ask('both');
  expect([response.status, response.headers.get('x-skilldeck-backend')]).toEqual([200, 'spare']);
  expect(response.headers.get('x-skilldeck-attempts')).toBe('2');
  expect(text).toContain('hello');
});
