import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { ollamaBaseUrl, probeUpstream } from './probe-upstream.ts';

let server: Server;
let base: string;
let handle: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  server = createServer((request, response) => handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('looking for an OpenAI-compatible server', () => {
  it('finds its models, sorted, and sends the key to it', async () => {
    const seen: unknown[] = [];
    handle = (request, response) => {
      seen.push(request.url, request.headers.authorization);
      response.end(JSON.stringify({ data: [{ id: 'b' }, { id: 'a', owned_by: 'x' }] }));
    };
    expect(await probeUpstream(`${base}//`, 'sk-1')).toEqual({
      kind: 'found',
      baseUrl: base,
      models: ['a', 'b'],
    });
    expect(seen).toEqual(['/v1/models', 'Bearer sk-1']);
    await probeUpstream(base);
    expect(seen.at(-1)).toBeUndefined();
  });

  it.each([
    [401, '{}', 'Check the API key.'],
    [404, 'not found', 'Check the address; it usually ends in /v1.'],
    [200, '<html></html>', 'Check the address; it usually ends in /v1.'],
    [200, '{"models":[]}', 'Check the address; it usually ends in /v1.'],
  ])('says what to do about an answer %i %s', async (status, body, hint) => {
    handle = (_request, response) => response.writeHead(status).end(body);
    expect(await probeUpstream(base)).toMatchObject({
      kind: 'not_found',
      error: { code: 'upstream.rejected', hint, params: { status } },
    });
  });

  it('gives up on a server that is silent, and on one that stops in the middle', async () => {
    const timeout = { kind: 'not_found', error: { code: 'upstream.timeout', params: { seconds: 0.1 } } };
    handle = () => {};
    expect(await probeUpstream(base, undefined, 100)).toMatchObject(timeout);
    handle = (_request, response) => response.writeHead(200).write('{"data":');
    expect(await probeUpstream(base, undefined, 100)).toMatchObject(timeout);
  });

  it('does not read an answer without end', async () => {
    handle = (_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    expect(await probeUpstream(base)).toMatchObject({ kind: 'not_found' });
  });

  it('knows that nothing listens there', async () => {
    await new Promise((resolve) => server.close(resolve));
    const probe = await probeUpstream(base, 'sk-secret');
    expect(probe).toMatchObject({ error: { code: 'upstream.refused', params: { baseUrl: base } } });
    expect(JSON.stringify(probe)).not.toContain('sk-secret');
  });
});

test.each([
  [undefined, 'http://127.0.0.1:11434/v1'],
  ['', 'http://127.0.0.1:11434/v1'],
  ['0.0.0.0', 'http://127.0.0.1:11434/v1'],
  ['[::]:9000', 'http://127.0.0.1:9000/v1'],
  ['gpu.lan', 'http://gpu.lan:11434/v1'],
  ['gpu.lan:9000', 'http://gpu.lan:9000/v1'],
  ['https://gpu.lan:443', 'https://gpu.lan/v1'],
  ['not a host', 'http://127.0.0.1:11434/v1'],
])('OLLAMA_HOST=%s means %s', (host, expected) => {
  expect(ollamaBaseUrl(host)).toBe(expected);
});
