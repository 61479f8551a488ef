// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Compose's variables look like that.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toConfigJson } from '../compose/canonical/to-project.ts';
import { loadProject } from '../compose/load-project.ts';
import { findComposeProject } from '../stack/find-compose-project.ts';
import { composeValues, OUTSIDE, ourValues } from './compare-env.ts';
import { PEER_ENVIRONMENT, readText } from './corpus.ts';
import { ENV_CASES } from './env-cases.ts';
import { findCompose, NEEDS_COMPOSE, runCompose } from './find-compose.ts';

const compose = await findCompose();

/** Thousands: `FUZZ_ENV_RUNS=100 npx vitest run src/main/compose-peer/compose-env.test.ts`; each has 40 texts. */
const RUNS = Number(process.env.FUZZ_ENV_RUNS ?? 3);
const TEXTS_PER_RUN = 40;
/** Compose names one mistake at a time: each refusal is a start of its own. */
const REFUSED_PER_RUN = process.env.FUZZ_ENV_RUNS === undefined ? 3 : TEXTS_PER_RUN;

const pieces = fc.oneof(
  fc.constantFrom(
    'A',
    'B',
    'OUT',
    '=',
    '=',
    ':',
    ' ',
    '\t',
    '\n',
    '\n',
    '\r\n',
    '"',
    '"',
    "'",
    '\\',
    '#',
    ' #',
  ),
  fc.constantFrom(
    '$A',
    '$OUT',
    '${A:-b}',
    '${NO:+x}',
    '$$',
    '$',
    '\\$',
    '\\n',
    '\\0101',
    '\\"',
    "\\'",
    'export ',
  ),
  fc.constantFrom(
    'A=1\n',
    'B="x y"\n',
    "OUT='z'\n",
    'A=$B\n',
    'B=${OUT}\n',
    'x',
    '1',
    '.',
    '[0]',
    'é',
    '\u00a0',
  ),
);
const texts = fc.array(pieces, { maxLength: 14 }).map((parts) => parts.join(''));

describe.skipIf(compose === undefined)(
  'a .env file is read as docker compose reads it',
  NEEDS_COMPOSE,
  () => {
    const good = ENV_CASES.filter((text) => ourValues(text) !== undefined);
    const bad = ENV_CASES.filter((text) => ourValues(text) === undefined);

    test('values of every text that can be read', async () => {
      const theirs = await composeValues(compose ?? '', good);
      expect(theirs).toBeDefined();
      for (const [index, text] of good.entries())
        expect({ text, values: ourValues(text) }).toEqual({ text, values: theirs?.[index] });
    });

    test.for(bad)('refuses %j', { concurrent: true }, async (text) => {
      expect(await composeValues(compose ?? '', [text])).toBeUndefined();
    });

    test('whatever the text', { timeout: 3_600_000 }, async () => {
      const counts = { read: 0, refused: 0 };
      const batches = fc.array(texts, { minLength: TEXTS_PER_RUN, maxLength: TEXTS_PER_RUN });
      await fc.assert(
        fc.asyncProperty(batches, async (batch) => {
          const readable = batch.filter((text) => ourValues(text) !== undefined);
          const refused = batch.filter((text) => ourValues(text) === undefined).slice(0, REFUSED_PER_RUN);
          const theirs = await composeValues(compose ?? '', readable);
          expect(theirs, 'one of the texts that we read is refused').toBeDefined();
          for (const [index, text] of readable.entries())
            expect({ text, values: ourValues(text) }).toEqual({ text, values: theirs?.[index] });
          for (const text of refused)
            expect({ text, values: await composeValues(compose ?? '', [text]) }).toEqual({ text });
          counts.read += readable.length;
          counts.refused += refused.length;
        }),
        { numRuns: RUNS, endOnFailure: true },
      );
      // biome-ignore lint/suspicious/noConsole: the numbers of a long run are what it is for.
      if (process.env.FUZZ_ENV_RUNS) console.log(JSON.stringify(counts));
      expect(counts.read).toBeGreaterThan(0);
      expect(counts.refused).toBeGreaterThan(0);
    });
  },
);

/** Both ways into the project: `.env` with a process's variables, and files that are named. */
describe.skipIf(compose === undefined)(
  'variables come from where docker compose takes them',
  NEEDS_COMPOSE,
  () => {
    const FILES = {
      'compose.yaml':
        'name: p\nservices: { a: { image: x, environment: [A, B, C, D, OUT], env_file: [one.env, two.env] } }\n',
      '.env': 'OUT=file\nA=$OUT\nB=${A}!\nC\nD=d\n',
      'one.env': 'E=1\nF=$E\nG=$D\nD=one\nOUT=one\nH=$OUT\nSAME=1\n',
      'two.env': 'E=2\nI=$E$F\nJ=${D}${SAME}\nSAME=$SAME$SAME\nE\n',
      'first.env': 'A=1\nB=$A\nC=first\n',
      'second.env': 'A=2\nB=${B}$A\nC\nOUT=second\nD=$OUT\n',
    };
    let directory: string;
    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), 'skilldeck-env-'));
      for (const [name, text] of Object.entries(FILES)) await writeFile(join(directory, name), text);
    });
    afterAll(() => rm(directory, { recursive: true, force: true }));

    test.for([[], ['first.env'], ['first.env', 'second.env']])('env files %j', async (envFiles) => {
      const args = [...envFiles.flatMap((file) => ['--env-file', file]), 'config', '--format', 'json'];
      const theirs = await runCompose(compose ?? '', directory, args, OUTSIDE);
      const processEnv = { ...PEER_ENVIRONMENT, ...OUTSIDE };
      const found = await findComposeProject({ directory, envFiles, processEnv, readText });
      expect(toConfigJson(await loadProject(found))).toBe(theirs);
    });
  },
);
