import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endTogether } from './end-together.ts';

const waiting: ServerResponse[] = [];
const server = createServer((request, response) => {
  request.resume();
  waiting.push(response);
});
let url = '';

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const asked = (count: number) => expect.poll(() => waiting.length).toBe(count);

test('answers of one turn go each to its caller, past those who left', async () => {
  const leaving = new AbortController();
  const gone = fetch(url, { signal: leaving.signal }).catch(() => 'gone');
  await asked(1);
  const first = fetch(url);
  await asked(2);
  const second = fetch(url);
  await asked(3);
  leaving.abort();
  expect(await gone).toBe('gone');
  for (const [index, response] of waiting.splice(0).entries()) {
    // What nobody may send is that answer's trouble only.
    const headers = index === 1 ? ['bad name', 'x'] : ['x-number', String(index)];
    endTogether(response, headers, `answer ${index}`, 0);
    expect(response.headersSent).toBe(false);
  }
  await expect(first).rejects.toThrow('fetch failed');
  const answer = await second;
  expect([answer.status, answer.headers.get('x-number'), await answer.text()]).toEqual([
    200,
    '2',
    'answer 2',
  ]);
});
