import { expect, test } from 'vitest';
import { AppError, type AppErrorData } from '../../shared/errors/app-error.ts';
import { appErrorDataSchema } from '../../shared/errors/app-error-data.ts';
import { type Phrase, phrase, verbatim } from '../../shared/errors/phrases/phrase.ts';
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
    phrases: { params: { reason: phrase('env_no_name') } },
  };
  expect(present(error).detail).toBe('.env, line 3: expected NAME=value.');
  expect(present(error, 'zh')).toMatchObject({
    detail: '.env 第 3 行：应写成 NAME=value。',
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

test('words a message and what it quotes in the language of the window, to any depth', () => {
  const message = phrase('same_as_in', { value: phrase('list'), place: 'base.yaml' });
  const error = new AppError('compose.invalid', message).toData();
  expect(present(error).detail).toBe('a list, as in base.yaml');
  expect(present(error, 'zh')).toMatchObject({ detail: '列表，与 base.yaml 一致', isDetailEnglish: false });
});

test('shows the English of a phrase that this window does not know', () => {
  const unknown = { ...phrase('verbatim', { text: 'x' }), key: 'gone' } as unknown as Phrase;
  const data = { ...new AppError('internal', 'All is lost.').toData(), phrases: { message: unknown } };
  expect(appErrorDataSchema.parse(data)).toMatchObject({ message: 'All is lost.', phrases: undefined });
});

/** As `invalid` and `envInvalid` of the loader make them. */
const place = { file: '/w/compose.yaml', line: 4, column: 7, path: 'services.web.ports[0]' };
test.each([
  ['compose.invalid', { ...place, expected: phrase('text'), found: verbatim('"abc:def"') }],
  [
    'compose.invalid',
    { ...place, expected: phrase('either_of', { values: 'tcp, udp' }), found: phrase('map') },
  ],
  [
    'compose.invalid',
    { ...place, path: phrase('whole_file'), expected: phrase('map_with_services'), found: phrase('list') },
  ],
  ['env.invalid', { file: '/w/.env', line: 2, reason: phrase('env_space_in_name') }],
  ['env.invalid', { file: '/w/.env', line: 2, reason: phrase('env_not_in_name', { char: '"!"' }) }],
] as const)('%s with %j is wholly Chinese but for names and values', (code, params) => {
  const data = new AppError(code, 'In English', { params, hint: 'In English' }).toData();
  const { title, detail, hint, isDetailEnglish } = present(appErrorDataSchema.parse(data), 'zh');
  expect(isDetailEnglish).toBe(false);
  const kept =
    /compose\.yaml|\.env|services\.web\.ports\[0\]|“services”|"abc:def"|tcp, udp|NAME=value|Compose|Skilldeck/g;
  expect(`${title} ${detail} ${hint}`.replaceAll(kept, '')).not.toMatch(/[A-Za-z]/);
});
