import type { ChildProcess } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { JsonObject } from './json.ts';
import { startUpstream } from './testing/start-gateway.ts';
import { type GatewayProcess, startGatewayProcess } from './testing/start-gateway-process.ts';

let upstream: { url: string; child: ChildProcess };
let gateway: GatewayProcess;

beforeEach(async () => {
  upstream = await startUpstream();
  gateway = await startGatewayProcess({
    backends: [{ name: 'far', kind: 'openai', baseUrl: `${upstream.url}/v1`, model: 'fake' }],
  });
});
afterEach(async () => {
  await gateway.close();
  upstream.child.kill();
});

const JSON_TYPE = { 'content-type': 'application/json' };
const ask = async (body: object) => {
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: JSON_TYPE,
    body: JSON.stringify({ messages: [{ role: 'user', content: 'hello there' }], ...body }),
  });
  await response.text();
  return response.headers.get('x-skilldeck-request-id');
};
const lineOf = (requestId: string | null) =>
  vi.waitFor(
    () => {
      const lines = gateway.output.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'));
      const line = lines
        .map((one) => JSON.parse(one) as JsonObject)
        .find(({ msg, requestId: id }) => msg === 'request finished' && id === requestId);
      if (line === undefined) throw new Error(gateway.output);
      return line;
    },
    { timeout: 5000 },
  );

test('each request ends with one JSON line that says who answered, with which skills, how much and how long', async () => {
  const streamed = await lineOf(await ask({ stream: true, stream_options: { include_usage: true } }));
  expect(streamed).toMatchObject({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    operation: 'chat',
    backend: 'far',
    key: expect.any(String),
    skills: [],
    generation: 1,
    status: 200,
    attempts: 1,
    tokens: { prompt: expect.any(Number), completion: expect.any(Number) },
  });
  const { firstTokenMs, ms, queuedMs } = streamed;
  for (const phase of [queuedMs, firstTokenMs, ms]) expect(phase).toEqual(expect.any(Number));
  expect(Number(ms)).toBeGreaterThanOrEqual(Number(firstTokenMs));

  // The generation is the one of the skills that the request was answered with.
  const folder = path.join(gateway.directory, 'skills', 'hello');
  await mkdir(folder, { recursive: true });
  await writeFile(
    path.join(folder, 'SKILL.md'),
    '---\nname: hello\ndescription: Say hello to people who are there.\n---\nBe kind.\n',
  );
  const reloaded = await fetch(`${gateway.url}/admin/skills/reload`, {
    method: 'POST',
    body: '{}',
    headers: JSON_TYPE,
  });
  const { generation } = (await reloaded.json()) as JsonObject;
  expect(generation).toBeGreaterThan(1);
  const whole = await lineOf(await ask({ skills: ['hello'] }));
  expect(whole).toMatchObject({ skills: ['hello'], generation, backend: 'far' });

  const failed = await lineOf(await ask({ messages: [{ role: 'user', content: 'x-fake:error500' }] }));
  expect(failed).toMatchObject({ level: 'warn', code: 'upstream_error', status: 502 });
}, 30_000);
