import type { ConfigExpectation, ConfigProblem } from '@skilldeck/agent-skills';
import { describe, expect, test } from 'vitest';
import { fileValues } from './config-reference.ts';
import { formatConfigProblems } from './config-sentences.ts';
import { EnvironmentSchema, SECRET_VARIABLES } from './environment.ts';
import { resolveConfig } from './resolve-config.ts';

const SECRET = 'sk-of-somebody-0001';

function problemsOf(file: unknown, variables: Record<string, string> = {}): readonly ConfigProblem[] {
  const text = JSON.stringify(file);
  const result = resolveConfig({ path: '/app/config.json', text, variables, workingDirectory: '/app' });
  return result.kind === 'invalid' ? result.problems : [];
}

/** A file with every setting there is. */
const WHOLE = {
  $schema: './config.schema.json',
  backends: [
    {
      name: 'own',
      kind: 'llama-cpp',
      modelPath: 'models/a.gguf',
      contextSize: 4096,
      parallel: 2,
      threads: 2,
      gpu: 'auto',
      gpuLayers: 'auto',
      idleUnloadSeconds: 0,
      loadWaitSeconds: 1,
      hangSeconds: 1,
      stallSeconds: 1,
      tools: true,
      weight: 1,
      priority: 0,
    },
    {
      name: 'far',
      kind: 'openai',
      baseUrl: 'http://127.0.0.1:1/v1',
      model: 'm',
      apiKeySecret: 'FAR',
      maxConcurrent: 1,
      maxTokensField: 'as_sent',
      tools: false,
      weight: 1,
      priority: 0,
      health: { path: '/health', intervalMs: 1000, timeoutMs: 1000 },
      limits: { answerBytes: 1024, eventBytes: 1024 },
      tls: { caFile: 'ca.pem' },
      allowLinkLocal: false,
    },
  ],
  models: { one: ['far'] },
  routing: {
    maxAttempts: 1,
    backoffMs: 1,
    maxBackoffMs: 1,
    breaker: { failures: 1, errorRate: 1, minRequests: 1, windowMs: 1000, openMs: 100, maxOpenMs: 100 },
  },
  maxConcurrent: 1,
  maxQueue: 1,
  maxQueuedTokens: 1,
  logLevel: 'info',
  logPrompts: false,
  configReloadSeconds: 1,
  skills: { default: 'auto', maxActivated: 1, catalogueTokens: 1, maxTokens: 100, activation: 'lexical' },
  cache: { policy: 'off', scope: 'key', memoryBytes: 1, maxAnswerBytes: 1024, ttlSeconds: 1 },
  timeouts: {
    queueMs: 1,
    connectMs: 1,
    firstByteMs: 1,
    idleMs: 1,
    requestMs: 1,
    drainMs: 1,
    pingMs: 1,
    writeMs: 1,
  },
  server: { headersMs: 100, requestMs: 100, keepAliveMs: 1, maxConnections: 1, maxHeaderBytes: 1024 },
  access: { allowedOrigins: ['*'], allowedHosts: ['example.org'] },
  bodyLimitBytes: 1024,
};

const WRONG = [
  null,
  '',
  'all',
  'https://',
  'x'.repeat(600),
  -1,
  1.5,
  1e300,
  true,
  [],
  [null],
  Array.from({ length: 200 }, () => 'a'),
  {},
  { apiKey: SECRET },
  { '': ['a'] },
  { ['x'.repeat(600)]: ['a'] },
];

type Path = readonly (string | number)[];

/** Every value of the file and every value inside of it. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  return [path, ...entries.flatMap(([key, child]) => pathsOf(child, [...path, key]))];
}

function withValue(whole: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  const copy: Record<string | number, unknown> = structuredClone(whole) as never;
  copy[key] = withValue(copy[key], rest, value);
  return copy;
}

const kindsOf = (expected: ConfigExpectation): string[] => [
  expected.kind,
  ...(expected.kind === 'either' ? [expected.first, expected.second].flatMap(kindsOf) : []),
];

function kindsIn(problems: readonly ConfigProblem[]): string[] {
  return problems.flatMap((problem) => (problem.kind === 'wrong_value' ? kindsOf(problem.expected) : []));
}

describe('what is wrong with a configuration', () => {
  test('has words for any wrong value at any place of the file, and tells nothing of what is in it', () => {
    expect(problemsOf(WHOLE)).toEqual([]);
    const paths = pathsOf(WHOLE);
    const named = new Set(
      paths.map((path) =>
        path
          .map((key) => (key === 0 ? '[llama-cpp]' : key === 1 ? '[openai]' : `.${key}`))
          .join('')
          .slice(1),
      ),
    );
    expect(fileValues().filter(({ key }) => !named.has(key))).toEqual([]);
    let refused = 0;
    for (const path of paths)
      for (const wrong of WRONG) {
        const problems = problemsOf(withValue(WHOLE, path, wrong));
        if (problems.length === 0) continue;
        refused += 1;
        const at = `${path.join('.')} = ${JSON.stringify(wrong)?.slice(0, 40)}`;
        expect([at, ...kindsIn(problems)]).not.toContain('other');
        const said = formatConfigProblems(problems) + JSON.stringify(problems);
        expect(said).not.toContain(SECRET);
        expect(said.length, at).toBeLessThan(4000);
      }
    expect(refused).toBeGreaterThan(900);
  });

  test('has words for any wrong variable', () => {
    for (const variable of Object.keys(EnvironmentSchema.shape))
      for (const value of ['x y', '-1', '1.5', '99999999999999', `redis:${SECRET}`]) {
        const problems = problemsOf({}, { [variable]: value });
        expect([variable, value, ...kindsIn(problems)]).not.toContain('other');
        if (SECRET_VARIABLES.has(variable)) expect(JSON.stringify(problems)).not.toContain(value);
      }
  });

  test.each([
    [{ models: [] }, '"models" must be an object in braces, but [] stands there.'],
    [
      { backends: [{ ...WHOLE.backends[0], gpuLayers: 'all' }] },
      '"backends[0].gpuLayers" must be one of "auto", "max", or a number, but "all" stands there.',
    ],
    [
      { backends: [{ ...WHOLE.backends[0], gpuLayers: -1 }] },
      '"backends[0].gpuLayers" must be at least 0, but -1 stands there.',
    ],
    [{ models: { a: [] } }, '"models.a" must be a list with 1 or more entries, but [] stands there.'],
    [
      { models: { a: Array.from({ length: 17 }, () => 'far') } },
      '"models.a" must be a list with at most 16 entries, but […] stands there.',
    ],
    [{ models: { '': ['far'] } }, '"models" must be a text that is not empty, but "" stands there.'],
    [
      { access: { allowedHosts: ['a'.repeat(254)] } },
      `"access.allowedHosts[0]" must be a text of at most 253 characters, but "${'a'.repeat(76)}… stands there.`,
    ],
    [{ backends: { apiKey: SECRET } }, '"backends" must be a list, but {…} stands there.'],
    [
      { backends: [{ ...WHOLE.backends[1], apiKeySecret: 7 }] },
      '"backends[0].apiKeySecret" must be a text in quotes, but (secret) stands there.',
    ],
    [
      { backends: [{ ...WHOLE.backends[1], baseUrl: 'far example' }] },
      '"backends[0].baseUrl" must be an http or https address, but "far example" stands there.',
    ],
    [
      { backends: [{ ...WHOLE.backends[1], baseUrl: 'ftp://me:hunter/2@far.example/v1?key=7' }] },
      '"backends[0].baseUrl" must be an http or https address, but "ftp://(secret)@far.example/v1?…" stands there.',
    ],
  ])('is said of %j', (file, sentence) => {
    expect(formatConfigProblems(problemsOf(file))).toBe(`/app/config.json: ${sentence}`);
  });

  test('says of a Redis what kind of address it takes', () => {
    expect(formatConfigProblems(problemsOf({}, { REDIS_URL: 'http://127.0.0.1' }))).toBe(
      'Environment variable REDIS_URL must be a redis or rediss address, but "(secret)" stands there.',
    );
  });

  test('names the first five and counts the rest, however much of it there is', () => {
    const foreign = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`key${index}`, index]));
    const problems = problemsOf(foreign);
    expect(problems).toHaveLength(6);
    expect(problems[0]).toMatchObject({ kind: 'unknown_setting', setting: 'key0' });
    expect(problems[5]).toEqual({ kind: 'more', count: 49_995 });
    expect(formatConfigProblems(problems)).toMatch(
      /"key4" is not a setting .* Mistakes beyond these: 49995\.$/,
    );
    const backends = Array.from({ length: 4 }, () => ({ name: 7, kind: 'openai', baseUrl: 7 }));
    expect(problemsOf({ backends }).at(-1)).toEqual({ kind: 'more', count: 3 });
    expect(problemsOf({ a: 1, b: 1, c: 1, d: 1, e: 1 })).toHaveLength(5);
  });
});
