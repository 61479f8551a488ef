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
    hint: 'Start Docker, then retry. The sandbox runs the same stack without it.',
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

test('leaves out a detail that only repeats the title', () => {
  const error: AppErrorData = { code: 'engine.not_running', message: 'Docker is not running', params: {} };
  expect(present(error).detail).toBeUndefined();
});
