// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Compose's variables look like that.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import { toConfigJson } from '../compose/canonical/to-project.ts';
import { type LoadInput, loadProject } from '../compose/load-project.ts';
import { constructs, loadInput, projects } from './corpus.ts';
import { mutate, mutations } from './mutations.ts';

/** 100,000 and more: `FUZZ_LOAD_RUNS=100000 npx vitest run src/main/compose-peer/fuzz-load.test.ts`. */
const RUNS = Number(process.env.FUZZ_LOAD_RUNS ?? 2500);
/** Generous for a machine that does other work; what never ends, or grows with the square, is far beyond it. */
const MAX_MS = 2000;

const INPUTS = [...constructs(), ...projects()].map(loadInput);
const TEXTS = INPUTS.flatMap(({ files }) => files.map(({ text }) => text));

/** Names of files come from a mutated text: only what a project has is read. */
const KNOWN = new Map(
  [...constructs(), ...projects()].flatMap(({ directory }) =>
    ['compose.yaml', 'variables.env', 'db.env'].flatMap((name): [string, string][] => {
      const path = join(directory, name);
      try {
        return [[path, readFileSync(path, 'utf8')]];
      } catch {
        return [];
      }
    }),
  ),
);

async function outcomeOf(input: LoadInput): Promise<'loaded' | 'refused'> {
  try {
    toConfigJson(await loadProject(input));
    return 'loaded';
  } catch (error) {
    if (error instanceof AppError && error.code !== 'internal') return 'refused';
    throw error;
  }
}

test('whatever a file says, it becomes a project or a coded error, soon', {
  timeout: 3_600_000,
}, async () => {
  const counts = { loaded: 0, refused: 0 };
  let slowestMs = 0;
  await fc.assert(
    fc.asyncProperty(fc.nat(INPUTS.length - 1), fc.nat(10), mutations, async (index, which, changes) => {
      const base = INPUTS[index];
      if (base === undefined) return;
      const files = base.files.map((file, at) =>
        at === which % base.files.length ? { ...file, text: mutate(file.text, changes, TEXTS) } : file,
      );
      const start = performance.now();
      const outcome = await outcomeOf({ ...base, files, readText: async (path) => KNOWN.get(path) });
      const took = performance.now() - start;
      counts[outcome] += 1;
      slowestMs = Math.max(slowestMs, took);
      expect(took).toBeLessThan(MAX_MS);
    }),
    { numRuns: RUNS },
  );
  // biome-ignore lint/suspicious/noConsole: the numbers of a long run are what it is for.
  if (process.env.FUZZ_LOAD_RUNS) console.log(JSON.stringify({ runs: RUNS, ...counts, slowestMs }));
  // Mutations that break every file, or none, would test little.
  expect(counts.loaded).toBeGreaterThan(RUNS / 50);
  expect(counts.refused).toBeGreaterThan(RUNS / 50);
});

const bomb = (levels: number) =>
  Array.from({ length: levels }, (_, i) =>
    i === 0
      ? 'x-a0: &a0 [1,1,1,1,1,1,1,1]'
      : `x-a${i}: &a${i} [${Array(8)
          .fill(`*a${i - 1}`)
          .join()}]`,
  ).join('\n');
const SERVICE = '\nservices: { web: { image: x } }\n';

test.each([
  ['an alias bomb', bomb(12) + SERVICE],
  [
    'a bomb of merge keys',
    `x-a: &a { b: &b { c: &c { d: 1 } } }\n${bomb(10).replaceAll('[1,', '[*a,')}${SERVICE}`,
  ],
  ['an alias of itself', `x-a: &a { b: *a }${SERVICE}`],
  ['lists ten thousand deep', `x-a: ${'['.repeat(10_000)}${SERVICE}`],
  ['maps ten thousand deep', `x-a: ${'{a: '.repeat(10_000)}${SERVICE}`],
  ['blocks two thousand deep', `${Array.from({ length: 2000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')}`],
  ['variables ten thousand deep', `services: { web: { image: "${'${A:-'.repeat(10_000)}" } }`],
  [
    'ports without end',
    `services: { web: { image: x, ports: [${Array.from({ length: 40 }, (_, i) => `"1-${65_535 - i}"`).join()}] } }`,
  ],
  ['a file that includes itself', 'include: [compose.yaml]\nservices: { web: { image: x } }\n'],
  [
    'a service that extends itself',
    'services: { web: { image: x, extends: { file: compose.yaml, service: web } } }\n',
  ],
  ['two megabytes', `x-a: ${'a'.repeat(2_000_000)}${SERVICE}`],
])('%s is refused quickly', async (_what, text) => {
  const path = '/w/compose.yaml';
  const start = performance.now();
  const input = { files: [{ path, text }], env: {}, workingDir: '/w' };
  expect(await outcomeOf({ ...input, readText: async (name) => (name === path ? text : undefined) })).toBe(
    'refused',
  );
  expect(performance.now() - start).toBeLessThan(MAX_MS);
});

test('files that include each other in a circle are refused, naming it', async () => {
  const files: Readonly<Record<string, string>> = {
    '/w/a.yaml': 'include: [b.yaml]\n',
    '/w/b.yaml': 'include: [{ path: c.yaml }]\n',
    '/w/c.yaml': 'include: [a.yaml]\n',
  };
  const load = loadProject({
    files: [{ path: '/w/a.yaml', text: files['/w/a.yaml'] ?? '' }],
    env: {},
    workingDir: '/w',
    readText: async (path) => files[path],
  });
  await expect(load).rejects.toMatchObject({
    code: 'compose.dependency_cycle',
    params: { cycle: '/w/a.yaml → /w/b.yaml → /w/c.yaml → /w/a.yaml' },
  });
});
