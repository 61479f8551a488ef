import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { createApp } from './app.ts';
import { type FileManagerConfig, resolveConfig } from './config.ts';
import { createPasswordCheck, type PasswordCheck } from './sign-in/password-check.ts';

export const TEST_PASSWORD = 'correct horse battery';

export interface TestApp {
  readonly app: FastifyInstance;
  readonly root: string;
  readonly clock: { now: number };
  /** Sends a request with a signed-in token. */
  send(options: InjectOptions): Promise<LightMyRequestResponse>;
  upload(url: string, content: Buffer | string, filename?: string): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

/** The real check, made once: hashing on purpose takes long. */
const realCheck = createPasswordCheck('admin', TEST_PASSWORD);
const fastCheck: PasswordCheck = async (_user, password) => password === TEST_PASSWORD;

/** The real service over a temporary folder, signed in, without a port. For tests only. */
export async function startTestApp(
  overrides: Partial<FileManagerConfig> = {},
  options: { readonly realPassword?: boolean } = {},
): Promise<TestApp> {
  const checkPassword = options.realPassword === true ? await realCheck : fastCheck;
  const root = await mkdtemp(path.join(tmpdir(), 'file-manager-'));
  for (const area of ['skills', 'config', 'models']) await mkdir(path.join(root, area));
  const variables = { FILE_MANAGER_PASSWORD: TEST_PASSWORD, ROOT_DIR: root };
  const result = resolveConfig({ path: 'app.conf', text: '', variables, workingDirectory: root });
  if (result.kind === 'invalid') throw new Error(result.message);
  const clock = { now: 1_700_000_000_000 };
  const config = { ...result.config, ...overrides };
  const app = await createApp({
    config,
    sessionKey: Buffer.alloc(32, 7),
    now: () => clock.now,
    checkPassword,
  });
  const signIn = await app.inject({
    method: 'POST',
    url: '/api/session',
    payload: { user: 'admin', password: TEST_PASSWORD, as: 'token' },
  });
  const authorization = `Bearer ${signIn.json<{ token: string }>().token}`;
  const send: TestApp['send'] = (options) =>
    app.inject({ ...options, headers: { authorization, ...options.headers } });
  return {
    app,
    root,
    clock,
    send,
    upload: (url, content, filename = 'file') => {
      const form = multipartBody(content, filename);
      return send({ method: 'POST', url, ...form });
    },
    close: async () => {
      await app.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

export function multipartBody(
  content: Buffer | string,
  filename: string,
): { payload: Buffer; headers: Record<string, string> } {
  const boundary = 'boundary-of-the-test';
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${filename}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  const payload = Buffer.concat([
    Buffer.from(head),
    Buffer.from(content),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  return { payload, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } };
}
