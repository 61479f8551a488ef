import { expect, test } from 'vitest';
import type { AppErrorData } from '../../shared/errors/app-error.ts';
import { createI18n, type Language } from '../i18n/i18n.ts';
import { presentError } from './present-error.ts';

const present = (error: AppErrorData, language: Language = 'en') =>
  presentError(createI18n(language).getFixedT(language, 'errors'), error);

test('shows title and hint by code and keeps what main said as the detail', () => {
  const error = {
    code: 'engine.not_running',
    message: 'Nothing answers at the socket.',
    params: {},
  } as const;
  expect(present(error)).toEqual({
    title: 'Docker is not running',
    detail: 'Nothing answers at the socket.',
    hint: expect.stringContaining('sudo systemctl start docker'),
    isDetailEnglish: true,
  });
});

test('names the service where the error does', () => {
  const error: AppErrorData = {
    code: 'service.exited',
    message: 'x ended',
    params: { service: 'ai-gateway' },
  };
  expect(present(error, 'zh').title).toBe('ai-gateway 意外退出');
  expect(present({ ...error, params: {} }, 'zh').title).toBe('服务意外退出');
});

test('says what happened in the language of the window when the error carries all of it', () => {
  const error: AppErrorData = {
    code: 'env.invalid',
    message: '/w/.env:3: expected NAME=value.',
    params: { file: '/w/.env', line: 3, reason: 'expected NAME=value' },
  };
  expect(present(error).detail).toBe('.env, line 3: expected NAME=value.');
  expect(present(error, 'zh')).toMatchObject({
    detail: '.env 第 3 行：expected NAME=value。',
    isDetailEnglish: false,
  });
  expect(present({ ...error, params: {} }, 'zh')).toMatchObject({
    detail: error.message,
    isDetailEnglish: true,
  });
});

test('leaves out a detail that only repeats the title', () => {
  const error: AppErrorData = { code: 'engine.not_running', message: 'Docker is not running', params: {} };
  expect(present(error).detail).toBeUndefined();
});

test('says in the language of the window what was expected and found in a compose file', () => {
  const error = (found: string): AppErrorData => ({
    code: 'compose.invalid',
    message: 'x',
    params: { file: '/w/compose.yaml', line: 4, path: 'services.web.image', expected: 'a text', found },
  });
  expect(present(error('a list'), 'zh').detail).toBe(
    'compose.yaml 第 4 行，services.web.image：应为：文本，实际为：列表。',
  );
  expect(present(error('"a: b"'), 'zh').detail).toContain('"a: b"');
  expect(present(error('a list')).detail).toBe(
    'compose.yaml, line 4: services.web.image: expected a text, found a list.',
  );
});
