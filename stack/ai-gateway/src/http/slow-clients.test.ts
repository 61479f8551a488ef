import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startGateway, startUpstream, type TestGateway } from '../testing/start-gateway.ts';
import { startUpstreamStub, type UpstreamStub } from '../testing/start-upstream-stub.ts';

describe('clients that take their time', () => {
  let upstream: { url: string; child: ChildProcess };
  let endless: UpstreamStub;
  let long: UpstreamStub;
  let gateway: TestGateway;
  let sockets: Socket[] = [];

  beforeAll(async () => {
    upstream = await startUpstream();
    endless = await startUpstreamStub();
    endless.handle = (_request, response) => {
      response.setHeader('content-type', 'text/event-stream');
      const chunk = { choices: [{ index: 0, delta: { content: 'x'.repeat(10_000) }, finish_reason: null }] };
      const write = (): void => {
        while (!response.destroyed && response.write(`data: ${JSON.stringify(chunk)}\n\n`));
      };
      response.on('drain', write);
      write();
    };
    long = await startUpstreamStub();
    long.handle = (_request, response) => {
      const message = { role: 'assistant', content: 'x'.repeat(24 * 1024 ** 2) };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop' }] }));
    };
    gateway = await startGateway(
      {},
      {
        backends: [
          { name: 'fake', kind: 'openai', baseUrl: `${upstream.url}/v1`, model: 'fake' },
          { name: 'endless', kind: 'openai', baseUrl: endless.url },
          { name: 'long', kind: 'openai', baseUrl: long.url },
        ],
        server: { headersMs: 300, requestMs: 600, maxConnections: 20, maxHeaderBytes: 4096 },
        timeouts: { writeMs: 300 },
      },
    );
    await vi.waitFor(() => expect(gateway.gateway.readiness().status).toBe('ready'));
  });

  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await gateway.close();
    await endless.close();
    await long.close();
    upstream.child.kill();
  });

  async function open(
    text: string,
  ): Promise<{ socket: Socket; received: () => string; ended: Promise<unknown> }> {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    sockets.push(socket);
    await once(socket, 'connect');
    let received = '';
    socket.on('data', (bytes) => {
      received += bytes.toString();
    });
    socket.on('error', () => undefined);
    socket.write(text);
    return { socket, received: () => received, ended: once(socket, 'close') };
  }
  const head = (path: string, more: string) =>
    `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${more}\r\n\r\n`;

  test('and never end their headers are let go', async () => {
    const { ended, received } = await open(
      'POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nx-slow: ',
    );
    await ended;
    expect(received()).toContain('408 Request Timeout');
  });

  test('and never end their body are let go', async () => {
    const { ended, received } = await open(
      `${head('/v1/chat/completions', 'content-length: 1000')}{"messages"`,
    );
    await ended;
    expect(received()).toMatch(/408|^$/);
  });

  test('or send endless headers are told so', async () => {
    const { ended, received } = await open(
      `GET /v1/models HTTP/1.1\r\nhost: localhost\r\nx-long: ${'x'.repeat(8000)}\r\n\r\n`,
    );
    await ended;
    expect(received()).toContain('431');
  });

  test.each([
    ['of their own', {}],
    ['that others could have joined', { temperature: 0 }],
  ])('and read nothing of a stream %s give their slot back', async (_, sampling) => {
    const body = JSON.stringify({
      model: 'endless',
      stream: true,
      ...sampling,
      messages: [{ role: 'user', content: 'x' }],
    });
    const { ended, socket } = await open(
      head('/v1/chat/completions', `content-length: ${body.length}`) + body,
    );
    socket.pause();
    await vi.waitFor(() => expect(gateway.gateway.queue.inFlight).toBe(1));
    await vi.waitFor(() => expect(gateway.gateway.queue.inFlight).toBe(0), 5000);
    socket.resume();
    await ended;
  });

  test('and read nothing of a whole answer are let go', async () => {
    const body = JSON.stringify({ model: 'long', messages: [{ role: 'user', content: 'x' }] });
    const { socket } = await open(head('/v1/chat/completions', `content-length: ${body.length}`) + body);
    const [served] = (await once(gateway.app.server, 'request')) as [{ socket: Socket }];
    socket.pause();
    // Nothing else ends it: what is left to send keeps the answer unfinished.
    await vi.waitFor(() => expect(served.socket.destroyed).toBe(true), 10_000);
  });

  test('cannot be more than allowed', async () => {
    for (const socket of sockets) socket.destroy();
    sockets = [];
    await vi.waitFor(() => expect(gateway.app.server.connections ?? 0).toBeLessThan(20));
    for (let index = 0; index < 40; index += 1) await open('').catch(() => undefined);
    await vi.waitFor(() =>
      expect(sockets.filter(({ destroyed }) => destroyed).length).toBeGreaterThanOrEqual(20),
    );
    for (const socket of sockets) socket.destroy();
    await vi.waitFor(async () => expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200));
  });
});
