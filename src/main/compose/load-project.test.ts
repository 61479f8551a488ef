// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Compose's variables look like that.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import { parseEnvFile } from './env-file.ts';
import { interpolate } from './interpolate.ts';
import { loadProject } from './load-project.ts';
import { splitShellWords } from './shell-words.ts';

const load = (text: string, env: Record<string, string> = {}, override?: string) =>
  loadProject({
    files: [
      { path: '/w/compose.yaml', text },
      ...(override === undefined ? [] : [{ path: '/w/compose.override.yaml', text: override }]),
    ],
    env,
    workingDir: '/w',
  });

async function faultOf(action: () => unknown): Promise<AppError> {
  try {
    await action();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('refuses an unknown key with its place', async () => {
  const fault = await faultOf(() => load('services:\n  web:\n    image: x\n    privilegd: true\n'));
  expect(fault).toMatchObject({
    code: 'compose.unknown_key',
    params: { file: '/w/compose.yaml', line: 4, path: 'services.web.privilegd', found: 'privilegd' },
  });
});

test('names the cycle instead of going round in it', async () => {
  const text =
    'services:\n  a: { image: x, depends_on: [b] }\n  b: { image: x, depends_on: [c] }\n  c: { image: x, depends_on: [a] }\n';
  expect(await faultOf(() => load(text))).toMatchObject({
    code: 'compose.dependency_cycle',
    params: { cycle: 'a → b → c → a' },
  });
});

test('merges an override as Compose does', async () => {
  const { web } = (
    await load(
      'services:\n  web:\n    image: a\n    command: one\n    environment: [A=1, B=2]\n    ports: ["80:80"]\n    volumes: ["./x:/data", "./y:/y"]\n',
      {},
      'services:\n  web:\n    command: [two]\n    environment: { B: 3 }\n    ports: ["80:80", "81:81"]\n    volumes: ["./z:/data:ro"]\n',
    )
  ).services;
  expect(web).toMatchObject({
    image: 'a',
    definition: { command: ['two'] },
    environment: { A: '1', B: '3' },
    ports: [
      { published: 80, target: 80 },
      { published: 81, target: 81 },
    ],
    volumes: [
      { source: '/w/z', target: '/data', readOnly: true },
      { source: '/w/y', target: '/y' },
    ],
  });
});

test.each([
  ['$A', '1'],
  ['${A}', '1'],
  ['${NO:-d}', 'd'],
  ['${EMPTY-d}', ''],
  ['${EMPTY:-d}', 'd'],
  ['${NO:-${A:-x}}', '1'],
  ['${A:+yes}', 'yes'],
  ['${NO+yes}', ''],
  ['$$A', '$A'],
  ['${A:?no}', '1'],
])('fills in %s', (text, expected) => {
  expect(interpolate(text, { A: '1', EMPTY: '' })).toBe(expected);
});

test('a required variable that is unset names itself and the place', async () => {
  expect(
    (await faultOf(() => load('services:\n  web:\n    image: ${TAG:?say which}\n'))).params,
  ).toMatchObject({
    line: 3,
    found: '$TAG unset (say which)',
  });
});

test('reads .env as Compose does and names a broken line', async () => {
  const text = 'A=1 # note\nexport B="x\\n$A"\nC=\'$A\'\nE=\nF="two\nlines"\n';
  expect(parseEnvFile(text, '.env')).toEqual({ A: '1', B: 'x\n1', C: '$A', E: '', F: 'two\nlines' });
  expect(await faultOf(() => parseEnvFile('A=1\nwhat is this\n', '.env'))).toMatchObject({
    code: 'env.invalid',
    params: { line: 2 },
  });
});

test('splits commands as a shell does', async () => {
  expect(splitShellWords(`sh -c "echo 'a b'" x\\ y ''`)).toEqual(['sh', '-c', "echo 'a b'", 'x y', '']);
  expect(splitShellWords('echo "open')).toBeUndefined();
});

test('an alias bomb is refused quickly', async () => {
  const levels = Array.from({ length: 12 }, (_, i) =>
    i === 0
      ? 'x-a0: &a0 [1,1,1,1,1,1,1,1]'
      : `x-a${i}: &a${i} [${Array(8)
          .fill(`*a${i - 1}`)
          .join()}]`,
  );
  expect((await faultOf(() => load(`${levels.join('\n')}\nservices: { web: { image: x } }`))).code).toBe(
    'compose.invalid',
  );
});

const WORDS = [
  'services',
  'web',
  'image',
  'ports',
  'volumes',
  '${A:-',
  '}',
  ': ',
  '\n  ',
  '- ',
  '&a',
  '*a',
  '<<',
  '[',
  '{',
  '"',
  'x',
];
test('whatever the file says, it loads or fails with a coded error', async () => {
  const start = 'services:\n  web:\n    image: x\n    ports: ["80:80"]\n    environment:\n      A: ${B:-c}\n';
  const texts = fc
    .tuple(fc.nat(start.length), fc.nat(20), fc.array(fc.constantFrom(...WORDS), { maxLength: 8 }))
    .map(([at, cut, words]) => start.slice(0, at) + words.join('') + start.slice(at + cut));
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      try {
        await load(text);
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
      }
    }),
    { numRuns: 2000 },
  );
});
