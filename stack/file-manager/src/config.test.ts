import { describe, expect, it } from 'vitest';
import { resolveConfig } from './config.ts';

const resolve = (text: string, variables: Record<string, string> = {}) =>
  resolveConfig({
    path: '/app/app.conf',
    text,
    variables: { FILE_MANAGER_PASSWORD: 'long enough', ...variables },
    workingDirectory: '/app',
  });

describe('resolveConfig', () => {
  it('puts the environment on top of the file and treats an empty variable as not set', () => {
    const result = resolve('# comment\nport = 9000\nlog_level = WARNING\n', { PORT: '9001', LOG_LEVEL: '' });
    expect(result).toMatchObject({ kind: 'ok', config: { port: 9001, logLevel: 'warn', rootDir: '/data' } });
  });

  it.each([
    ['prot = 1', 'line 1: "prot" is not a setting'],
    ['port', 'line 1: expected "key = value", found "port"'],
    ['port = many', '"port" cannot be "many"'],
    ['trust_proxy = yes', '"trust_proxy" cannot be "yes"'],
  ])('refuses %j with a sentence that names the place', (text, sentence) => {
    expect(resolve(text)).toMatchObject({ kind: 'invalid', message: expect.stringContaining(sentence) });
  });

  it('refuses to run without a password and says where to put it', () => {
    const result = resolve('', { FILE_MANAGER_PASSWORD: '' });
    expect(result).toMatchObject({
      kind: 'invalid',
      message:
        'FILE_MANAGER_PASSWORD is not set. Put one of at least 8 characters into the .env file of the workspace.',
    });
  });

  it('never repeats the password in a refusal', () => {
    expect(JSON.stringify(resolve('port = x', { FILE_MANAGER_PASSWORD: 'shh' }))).not.toContain('shh');
  });
});
