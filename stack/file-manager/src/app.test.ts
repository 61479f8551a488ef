import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { multipartBody, startTestApp, TEST_PASSWORD, type TestApp } from './test-app.ts';

const SKILL =
  '---\nname: greeting\ndescription: Says hello. Use when somebody says hello.\n---\n\nSay hello.\n';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const gguf = (version: number, rest = 'tensors'): Buffer => {
  const head = Buffer.alloc(8);
  head.write('GGUF', 'latin1');
  head.writeUInt32LE(version, 4);
  return Buffer.concat([head, Buffer.from(rest)]);
};

let test: TestApp;
beforeEach(async () => {
  test = await startTestApp();
});
afterEach(() => test.close());

const put = (url: string, text: string, baseVersion: string | null) =>
  test.send({ method: 'PUT', url: `/api/files/${url}`, payload: { text, baseVersion } });
const get = (url: string) => test.send({ method: 'GET', url: `/api/files/${url}` });
const onDisk = (file: string) => readFile(path.join(test.root, file), 'utf8');
const leftovers = async () =>
  (await readdir(test.root, { recursive: true })).filter((name) => name.includes('.upload-'));

describe('saving text', () => {
  it('creates, reads back, lists and deletes a skill, and tidies the empty folder', async () => {
    const created = await put('skills/greeting/SKILL.md', SKILL, null);
    expect(created.json()).toEqual({ version: sha256(SKILL), size: SKILL.length, diagnostics: [] });
    expect((await get('skills/greeting/SKILL.md')).json()).toMatchObject({
      text: SKILL,
      version: sha256(SKILL),
    });
    expect((await get('skills')).json()).toMatchObject({
      entries: [{ path: 'greeting/SKILL.md' }],
      truncated: false,
    });
    const url = `/api/files/skills/greeting/SKILL.md?baseVersion=${sha256(SKILL)}`;
    expect((await test.send({ method: 'DELETE', url })).statusCode).toBe(204);
    expect(await readdir(path.join(test.root, 'skills'))).toEqual([]);
  });

  it('answers a stale version with 409 and the text on disk, and changes nothing', async () => {
    await put('config/app.json', '{"a":1}', null);
    await writeFile(path.join(test.root, 'config/app.json'), '{"a":2}');
    const stale = await put('config/app.json', '{"a":3}', sha256('{"a":1}'));
    expect(stale.statusCode).toBe(409);
    expect(stale.json()).toMatchObject({ error: { code: 'file.conflict' }, current: { text: '{"a":2}' } });
    expect(await onDisk('config/app.json')).toBe('{"a":2}');
    expect((await put('config/app.json', '{"a":3}', '*')).statusCode).toBe(200);
  });

  it('lets exactly one of many writers of the same version win', async () => {
    const { version } = (await put('config/app.json', '0', null)).json<{ version: string }>();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => put('config/app.json', `${n + 1}`, version)),
    );
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
    expect(answers.filter(({ statusCode }) => statusCode === 409)).toHaveLength(19);
    expect(await leftovers()).toEqual([]);
  });

  it('reports what is wrong with a SKILL.md as remarks and saves it all the same', async () => {
    const answer = await put('skills/greeting/SKILL.md', 'no front matter', null);
    expect(answer.json()).toMatchObject({ diagnostics: [{ code: 'skill.front_matter_missing', line: 1 }] });
    expect(await onDisk('skills/greeting/SKILL.md')).toBe('no front matter');
  });

  it('refuses broken JSON and keeps the last good file', async () => {
    await put('config/app.json', '{}', null);
    const answer = await put('config/app.json', '{', sha256('{}'));
    expect([answer.statusCode, answer.json().error.code]).toEqual([422, 'file.not_json']);
    expect(await onDisk('config/app.json')).toBe('{}');
  });

  it('says that it may not write, and leaves nothing behind', async ({ skip }) => {
    skip(process.getuid?.() === 0, 'root writes through file modes; the Docker test has a read-only mount');
    await chmod(path.join(test.root, 'config'), 0o500);
    expect((await put('config/app.json', '{}', null)).json().error.code).toBe('storage.denied');
    await chmod(path.join(test.root, 'config'), 0o700);
  });
});

describe('links and paths', () => {
  it('follows no link that leads out of the root, neither file nor folder', async () => {
    await writeFile(path.join(tmpdir(), 'outside.md'), 'secret');
    await symlink(path.join(tmpdir(), 'outside.md'), path.join(test.root, 'skills/leak.md'));
    await symlink(tmpdir(), path.join(test.root, 'skills/tmp'));
    for (const name of ['skills/leak.md', 'skills/tmp/outside.md']) {
      expect((await get(name)).json().error.code).toBe('file.outside');
      expect((await put(name, 'x', '*')).json().error.code).toBe('file.outside');
    }
    expect((await put('skills/tmp/deeper/new.md', 'x', null)).json().error.code).toBe('file.outside');
    expect(await readFile(path.join(tmpdir(), 'outside.md'), 'utf8')).toBe('secret');
    expect((await get('skills')).json().entries).toEqual([]);
  });

  it.each([
    'skills/..%2fconfig%2fapp.json',
    'skills/%2e%2e/config/app.json',
    'skills/.hidden.md',
    'skills/a%00.md',
  ])('refuses %s', async (url) => {
    expect((await get(url)).statusCode).toBeGreaterThanOrEqual(400);
  });

  it('does not confuse a folder with a file', async () => {
    await mkdir(path.join(test.root, 'skills/folder.md'));
    expect((await get('skills/folder.md')).json().error.code).toBe('file.not_a_file');
    expect(
      (await test.send({ method: 'DELETE', url: '/api/files/skills/folder.md' })).json().error.code,
    ).toBe('file.not_a_file');
  });
});

describe('uploads', () => {
  it('takes a text file, refuses to replace it silently, and replaces it when told', async () => {
    expect((await test.upload('/api/files/skills/greeting/SKILL.md', SKILL)).statusCode).toBe(201);
    expect((await test.upload('/api/files/skills/greeting/SKILL.md', 'b')).statusCode).toBe(409);
    expect((await test.upload('/api/files/skills/greeting/SKILL.md?overwrite=true', 'b')).statusCode).toBe(
      201,
    );
    expect(await onDisk('skills/greeting/SKILL.md')).toBe('b');
  });

  it.each([
    ['skills/a.md', Buffer.from([0x68, 0xff, 0xfe]), 'file.not_utf8'],
    ['skills/a.md', Buffer.from('text\0binary'), 'file.not_utf8'],
    ['config/a.json', 'not json', 'file.not_json'],
    ['models/a.gguf', 'no model at all', 'file.not_gguf'],
    ['models/a.gguf', gguf(99), 'file.not_gguf'],
    ['models/a.gguf', 'GG', 'file.not_gguf'],
    ['skills/a.gguf', gguf(3), 'file.type_refused'],
    ['skills/a.sh', '#!/bin/sh', 'file.type_refused'],
  ])('refuses a bad %s by its content', async (url, content, code) => {
    expect((await test.upload(`/api/files/${url}`, content)).json().error.code).toBe(code);
    expect(await leftovers()).toEqual([]);
    expect((await get(url.split('/')[0] ?? '')).json().entries).toEqual([]);
  });

  it('streams a model into place', async () => {
    const model = gguf(3, 'x'.repeat(3_000_000));
    expect((await test.upload('/api/files/models/m/demo.gguf', model)).json()).toMatchObject({
      size: model.length,
    });
    expect((await readFile(path.join(test.root, 'models/m/demo.gguf'))).equals(model)).toBe(true);
    expect((await test.upload('/api/files/models/m/demo.gguf', model)).json().error.code).toBe('file.exists');
  });

  it('refuses what is larger than the limits and keeps nothing of it', async () => {
    await test.close();
    test = await startTestApp({ textLimitBytes: 1024, modelLimitBytes: 4096 });
    expect((await test.upload('/api/files/skills/a.md', 'x'.repeat(1025))).json().error.code).toBe(
      'file.too_large',
    );
    expect((await test.upload('/api/files/models/a.gguf', gguf(3, 'x'.repeat(4096)))).json().error.code).toBe(
      'file.too_large',
    );
    expect((await put('skills/a.md', 'x'.repeat(1025), null)).json().error.code).toBe('file.too_large');
    expect((await put('skills/a.md', 'x'.repeat(100_000), null)).statusCode).toBe(413);
    expect(await readdir(test.root, { recursive: true })).toHaveLength(3);
  });
});

describe('signing in', () => {
  beforeEach(async () => {
    await test.close();
    test = await startTestApp({}, { realPassword: true });
  });

  const csrf = { 'x-skilldeck-request': '1' };
  const signIn = (password: string, headers: Record<string, string> = csrf) =>
    test.app.inject({ method: 'POST', url: '/api/session', headers, payload: { user: 'admin', password } });

  it('guards every call but health, the page and the sign-in', async () => {
    const calls = [
      'GET /api/session',
      'DELETE /api/session',
      'GET /api/files/skills',
      'GET /api/files/skills/a.md',
    ];
    calls.push('PUT /api/files/skills/a.md', 'DELETE /api/files/skills/a.md', 'POST /api/files/skills/a.md');
    for (const call of calls) {
      const [method, url] = call.split(' ') as ['GET', string];
      expect((await test.app.inject({ method, url, headers: csrf })).statusCode, call).toBe(401);
    }
    expect((await test.app.inject('/healthz')).json()).toEqual({ status: 'ok' });
    expect((await test.app.inject('/')).headers['content-security-policy']).toContain("default-src 'none'");
  });

  it('gives a strict, http-only cookie that works until it is revoked or runs out', async () => {
    const answer = await signIn(TEST_PASSWORD, { ...csrf, 'x-forwarded-proto': 'https' });
    expect(String(answer.headers['set-cookie'])).toMatch(/HttpOnly; Secure; SameSite=Strict/);
    const cookie = String(answer.headers['set-cookie']).split(';')[0] ?? '';
    const who = () => test.app.inject({ url: '/api/session', headers: { cookie } });
    expect((await who()).json()).toMatchObject({ user: 'admin' });
    test.clock.now += 13 * 3_600_000;
    expect((await who()).statusCode).toBe(401);
    test.clock.now -= 13 * 3_600_000;
    await test.app.inject({ method: 'DELETE', url: '/api/session', headers: { cookie, ...csrf } });
    expect((await who()).statusCode).toBe(401);
  });

  it('refuses a change that another site sends with the cookie', async () => {
    const cookie = String((await signIn(TEST_PASSWORD)).headers['set-cookie']).split(';')[0] ?? '';
    const change = (headers: Record<string, string>) =>
      test.app.inject({
        method: 'DELETE',
        url: '/api/files/skills/a.md',
        headers: { cookie, host: 'files', ...headers },
      });
    expect((await change({})).json().error.code).toBe('auth.cross_site');
    expect((await change({ ...csrf, origin: 'https://evil.example' })).json().error.code).toBe(
      'auth.cross_site',
    );
    expect((await change({ ...csrf, origin: 'null' })).json().error.code).toBe('auth.cross_site');
    expect((await change({ ...csrf, 'sec-fetch-site': 'cross-site' })).json().error.code).toBe(
      'auth.cross_site',
    );
    expect((await change({ ...csrf, origin: 'http://files' })).json().error.code).toBe('file.not_found');
    expect((await signIn(TEST_PASSWORD, {})).json().error.code).toBe('auth.cross_site');
    const form = { ...multipartBody('x', 'a.md') };
    const posted = await test.app.inject({
      method: 'POST',
      url: '/api/files/skills/a.md',
      payload: form.payload,
      headers: { ...form.headers, cookie },
    });
    expect(posted.json().error.code).toBe('auth.cross_site');
  });

  it('refuses a forged token and slows down guessing', async () => {
    const headers = { authorization: 'Bearer eyJ1c2VyIjoiYWRtaW4ifQ.AAAA' };
    expect((await test.app.inject({ url: '/api/session', headers })).statusCode).toBe(401);
    const guesses = [];
    for (let n = 0; n < 11; n += 1) guesses.push((await signIn(`guess ${n}`)).json().error.code);
    expect(guesses.slice(0, 9)).toEqual(Array(9).fill('auth.wrong'));
    expect(guesses.at(-1)).toBe('auth.too_many');
  });
});
