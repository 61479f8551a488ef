import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatConfigProblems } from './config-sentences.ts';
import { resolveConfig } from './resolve-config.ts';

const resolve = (file: unknown, variables: Record<string, string> = {}) =>
  resolveConfig({
    path: '/app/config.json',
    text: file === undefined ? undefined : typeof file === 'string' ? file : JSON.stringify(file),
    variables,
    workingDirectory: '/app',
  });
const messageOf = (file: unknown, variables?: Record<string, string>): string => {
  const result = resolve(file, variables);
  return result.kind === 'invalid' ? formatConfigProblems(result.problems) : 'valid';
};

describe('resolveConfig', () => {
  test('starts from defaults without a file', () => {
    expect(resolve(undefined)).toMatchObject({
      kind: 'ok',
      config: {
        port: 8080,
        host: '127.0.0.1',
        maxConcurrent: 50,
        skillsDir: '/app/data/skills',
        backends: [],
      },
    });
  });

  test.each([
    ['none', 'off'],
    ['FALSE', 'off'],
    ['Vulkan', 'vulkan'],
  ])('takes LLAMA_GPU=%s as %s for all models of the gateway itself', (LLAMA_GPU, gpu) => {
    const own = { kind: 'llama-cpp', modelPath: 'models/a.gguf' };
    const backends = [
      { ...own, name: 'one' },
      { ...own, name: 'other', gpu: 'cuda' },
    ];
    const both = [{ gpu }, { gpu }];
    expect(resolve({ backends }, { LLAMA_GPU })).toMatchObject({ kind: 'ok', config: { backends: both } });
    const alone = resolve({}, { LLAMA_GPU, MODEL_PATH: 'models/a.gguf' });
    expect(alone).toMatchObject({ kind: 'ok', config: { backends: [{ name: 'local', gpu }] } });
    expect(resolve({ backends }, {})).toMatchObject({
      config: { backends: [{ gpu: 'auto' }, { gpu: 'cuda' }] },
    });
  });

  test('puts the environment above the file', () => {
    const variables = {
      MAX_CONCURRENT: '7',
      LOG_LEVEL: 'WARNING',
      MODEL_PATH: '/models/llama2',
      UPSTREAM_BASE_URL: 'http://localhost:11434/v1/',
      UPSTREAM_LOOPBACK_HOST: 'host.docker.internal',
      PORT: '',
    };
    const file = {
      maxConcurrent: 9,
      backends: [{ name: 'local', kind: 'llama-cpp', modelPath: 'models/a.gguf' }],
    };
    expect(resolve(file, variables)).toMatchObject({
      kind: 'ok',
      config: {
        port: 8080,
        maxConcurrent: 7,
        logLevel: 'warn',
        backends: [
          { name: 'upstream', baseUrl: 'http://host.docker.internal:11434/v1' },
          { name: 'local', modelPath: '/models/llama2' },
        ],
      },
    });
  });

  test.each([
    [
      { maxConcurrent: '50' },
      {},
      '/app/config.json: "maxConcurrent" must be a number, but "50" stands there.',
    ],
    [
      { maxConcurent: 5 },
      {},
      '/app/config.json: "maxConcurent" is not a setting of the gateway; remove it or correct its spelling.',
    ],
    [
      { backends: [{ name: 'a', kind: 'ollama' }] },
      {},
      '/app/config.json: "backends[0].kind" must be one of "llama-cpp", "openai", but "ollama" stands there.',
    ],
    [
      { backends: [{ name: 'a', kind: 'openai' }] },
      {},
      '/app/config.json: "backends[0].baseUrl" must be a text in quotes, but it is missing.',
    ],
    [
      { backends: [{ name: 'a', kind: 'openai', baseUrl: 'https://me:hunter2@far.example/v1' }] },
      {},
      '/app/config.json: "backends[0].baseUrl" must be an address without a user or a password (name a secret in apiKeySecret instead), but "https://(secret)@far.example/v1" stands there.',
    ],
    [
      undefined,
      { UPSTREAM_BASE_URL: 'https://me:hunter2@far.example/v1' },
      'Environment variable UPSTREAM_BASE_URL must be an address without a user or a password (name a secret in apiKeySecret instead), but "https://(secret)@far.example/v1" stands there.',
    ],
    [
      { timeouts: { idleMs: -1 } },
      {},
      '/app/config.json: "timeouts.idleMs" must be at least 0, but -1 stands there.',
    ],
    [
      undefined,
      { MAX_CONCURRENT: 'many' },
      'Environment variable MAX_CONCURRENT must be a number, but "many" stands there.',
    ],
    [
      undefined,
      { LOG_LEVEL: 'LOUD' },
      'Environment variable LOG_LEVEL must be one of "trace", "debug", "info", "warn", "error", "fatal", "silent", but "LOUD" stands there.',
    ],
    [
      undefined,
      { CONFIG_RELOAD_SECONDS: '9' },
      'Environment variable CONFIG_RELOAD_SECONDS must be at most 5, but "9" stands there.',
    ],
  ])('says in a sentence what is wrong with %j %j', (file, variables, expected) => {
    expect(messageOf(file, variables as Record<string, string>)).toBe(expected);
  });

  test('names a file that is no JSON', () => {
    expect(messageOf('{ "a": ')).toBe('/app/config.json, line 1: it is not JSON from column 7 on.');
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(['ok', 'invalid']).toContain(resolve(text).kind);
      }),
    );
  });
});
