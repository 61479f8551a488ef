import { describe, expect, test } from 'vitest';
import { describeConfig } from './describe-config.ts';
import { resolveConfig } from './resolve-config.ts';

function valuesOf(file: object, variables: Record<string, string>) {
  const text = JSON.stringify(file);
  const result = resolveConfig({ path: '/app/config.json', text, variables, workingDirectory: '/app' });
  if (result.kind === 'invalid') throw new Error(JSON.stringify(result.problems));
  const values = describeConfig(result.config, file, result.environment);
  return new Map(values.map((value) => [value.key, value]));
}

describe('describeConfig', () => {
  const values = valuesOf(
    {
      maxQueue: 7,
      timeouts: { idleMs: 5 },
      backends: [
        { name: 'cloud', kind: 'openai', baseUrl: 'https://models.example/v1', apiKeySecret: 'cloud' },
      ],
    },
    {
      MAX_CONCURRENT: '9',
      UPSTREAM_BASE_URL: 'http://127.0.0.1:1/v1',
      UPSTREAM_API_KEY: 'sk-secret',
      GATEWAY_API_KEY: 'sk-other',
    },
  );

  test.each([
    ['logLevel', { value: 'info', source: 'default' }],
    ['maxQueue', { value: 7, source: 'file', needsRestart: false }],
    ['timeouts.idleMs', { value: 5, source: 'file' }],
    ['timeouts.queueMs', { value: 120_000, source: 'default' }],
    ['maxConcurrent', { value: 9, source: 'environment', variable: 'MAX_CONCURRENT', needsRestart: true }],
    [
      'backends[0].baseUrl',
      { value: 'http://127.0.0.1:1/v1', source: 'environment', variable: 'UPSTREAM_BASE_URL' },
    ],
    ['backends[1].baseUrl', { value: 'https://models.example/v1', source: 'file' }],
    ['bodyLimitBytes', { source: 'default', needsRestart: true }],
  ])('says of %s what it is and where it comes from', (key, expected) => {
    expect(values.get(key)).toMatchObject(expected);
  });

  test('tells no secret, only its name', () => {
    const text = JSON.stringify([...values.values()]);
    expect(text).not.toContain('sk-');
    expect(values.get('backends[1].apiKeySecret')?.value).toBe('cloud');
  });
});
