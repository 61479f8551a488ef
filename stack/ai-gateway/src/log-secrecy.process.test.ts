import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import { startUpstreamStub } from './testing/start-upstream-stub.ts';

const SERVER = fileURLToPath(new URL('./server.ts', import.meta.url));
const SECRETS = {
  key: 'sk-own-key-of-the-gateway-0001',
  admin: 'sk-admin-key-of-the-gateway-01',
  upstream: 'sk-upstream-secret-0000000001',
  wrong: 'sk-wrong-guess-0000000000001',
};
const PROMPT = 'words-of-a-person-that-nobody-reads';
const ANSWER = 'words-of-the-model-that-nobody-reads';

let child: ChildProcess | undefined;
let directory: string | undefined;
afterEach(async () => {
  child?.kill('SIGKILL');
  if (directory !== undefined) await rm(directory, { recursive: true, force: true });
});

/** All that a gateway writes while it is asked, refused, reloaded and cut off, at its most talkative. */
async function written(config: object): Promise<string> {
  const upstream = await startUpstreamStub();
  upstream.handle = (_request, response) => {
    const message = { role: 'assistant', content: ANSWER };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop' }] }));
  };
  directory = await mkdtemp(path.join(tmpdir(), 'gateway-log-'));
  const file = path.join(directory, 'config.json');
  const backend = { name: 'up', kind: 'openai', baseUrl: upstream.url, model: 'stub', apiKeySecret: 'UP' };
  await writeFile(file, JSON.stringify({ backends: [backend], logLevel: 'trace', ...config }));
  let text = '';
  child = spawn(process.execPath, [SERVER], {
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: '0',
      DATA_DIR: directory,
      CONFIG_PATH: file,
      LOG_LEVEL: 'trace',
      GATEWAY_API_KEY: SECRETS.key,
      ADMIN_API_KEY: SECRETS.admin,
    },
  });
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      text += chunk;
    });
  const url = await vi.waitFor(
    () => {
      const port = /"port":(\d+)|127\.0\.0\.1:(\d+)/.exec(text);
      if (port === null) throw new Error(text);
      return `http://127.0.0.1:${port[1] ?? port[2]}`;
    },
    { timeout: 15_000, interval: 50 },
  );
  const send = (to: string, key: string, method = 'POST', body: unknown = undefined) =>
    fetch(`${url}${to}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).then((response) => response.status);
  const chat = { messages: [{ role: 'user', content: PROMPT }] };
  const statuses = [
    await send('/admin/secrets', SECRETS.admin, 'PUT', { UP: SECRETS.upstream }),
    await send('/admin/secrets', SECRETS.wrong, 'PUT', { UP: SECRETS.upstream }),
    await send('/v1/chat/completions', SECRETS.key, 'POST', chat),
    await send('/v1/chat/completions', SECRETS.wrong, 'POST', chat),
    await send('/v1/chat/completions', SECRETS.key, 'POST', { messages: PROMPT }),
    await send('/v1/chat/completions', SECRETS.key, 'POST', { ...chat, model: 'nowhere' }),
    await send('/admin/config/reload', SECRETS.admin, 'POST', {}),
  ];
  await upstream.close();
  statuses.push(await send('/v1/chat/completions', SECRETS.key, 'POST', chat));
  // Else the secrets were never in the process, and nothing could have been told.
  expect(statuses).toEqual([200, 401, 200, 401, 400, 200, 200, 502]);
  expect(upstream.authorizations).toContain(`Bearer ${SECRETS.upstream}`);
  const ended = new Promise((resolve) => child?.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
  return text;
}

test('says neither keys, nor secrets, nor words, however much it logs', async () => {
  const text = await written({});
  expect(text).toContain('request finished');
  expect(text).toContain('request started');
  for (const secret of [...Object.values(SECRETS), PROMPT, ANSWER]) expect(text).not.toContain(secret);
}, 40_000);

test('writes prompts when told to, and still no key and no answer', async () => {
  const text = await written({ logPrompts: true });
  expect(text).toContain(PROMPT);
  for (const secret of [...Object.values(SECRETS), ANSWER]) expect(text).not.toContain(secret);
}, 40_000);
