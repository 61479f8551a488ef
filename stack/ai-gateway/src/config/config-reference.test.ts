import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { configReference, environmentValues, fileValues } from './config-reference.ts';
import { describeConfig } from './describe-config.ts';
import { resolveConfig } from './resolve-config.ts';
import { VARIABLES } from './value-facts.ts';

const DOCUMENT = fileURLToPath(new URL('../../../../docs/gateway-config.md', import.meta.url));
const MARK =
  '<!-- From here on made from the schema: npx vitest run --project unit config-reference -u -->\n';

test('docs/gateway-config.md says what the schema says', async () => {
  const [introduction = '', generated] = (await readFile(DOCUMENT, 'utf8')).split(MARK);
  expect(generated, `${DOCUMENT} has no line ${MARK}`).toBeDefined();
  await expect(`${introduction}${MARK}\n${configReference()}`).toMatchFileSnapshot(DOCUMENT);
});

test('every value of the file and every variable is described', () => {
  const all = [...fileValues(), ...environmentValues()];
  expect(all.length).toBeGreaterThan(90);
  expect(all.filter(({ description }) => (description ?? '') === '')).toEqual([]);
  const keys = new Set(fileValues().map(({ key }) => key));
  const outside = new Set(['path', 'host', 'port', 'dataDir', 'skillsDir']);
  expect(Object.keys(VARIABLES).filter((key) => !keys.has(key) && !outside.has(key))).toEqual([]);
});

test('the defaults told are the ones that the gateway runs by', () => {
  const told = new Map(fileValues().map((value) => [value.key, value]));
  const backends = [
    { name: 'one', kind: 'openai', baseUrl: 'http://127.0.0.1:1/v1' },
    { name: 'two', kind: 'llama-cpp', modelPath: 'x.gguf' },
  ];
  const result = resolveConfig({
    path: '/config.json',
    text: JSON.stringify({ backends }),
    variables: {},
    workingDirectory: '/',
  });
  if (result.kind === 'invalid') throw new Error(JSON.stringify(result.problems));
  let compared = 0;
  for (const value of describeConfig(result.config, result.file, result.environment)) {
    const key = value.key.replace('[0]', '[openai]').replace('[1]', '[llama-cpp]');
    const known = told.get(key);
    if (known === undefined || value.source !== 'default') continue;
    compared += 1;
    expect([key, known.default, known.needsRestart]).toEqual([
      key,
      JSON.stringify(value.value),
      value.needsRestart,
    ]);
  }
  expect(compared).toBeGreaterThan(50);
  expect(told.get('maxConcurrent')).toMatchObject({ default: '50', variable: 'MAX_CONCURRENT' });
  expect(told.get('logLevel')).toMatchObject({ default: '"info"', variable: 'LOG_LEVEL' });
});
