import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import { loadProject } from '../compose/load-project.ts';
import { PEER_ENVIRONMENT, readText } from './corpus.ts';
import { findCompose, NEEDS_COMPOSE, runCompose } from './find-compose.ts';
import { REFUSED } from './refused.ts';

const compose = await findCompose();

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'skilldeck-refused-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('refuses, with the place', () => {
  test.for(REFUSED)('$what', async ({ text, path }) => {
    const fault = await loadProject({
      files: [{ path: '/w/compose.yaml', text }],
      env: PEER_ENVIRONMENT,
      workingDir: '/w',
      readText,
    }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(fault).toBeInstanceOf(AppError);
    if (fault instanceof AppError && path !== '') expect(fault.params.path).toBe(path);
  });
});

describe.skipIf(compose === undefined)(
  'and so does docker compose',
  { concurrent: true, ...NEEDS_COMPOSE },
  () => {
    test.for(REFUSED.map((refused, index) => ({ ...refused, index })))('$what', async ({ text, index }) => {
      const name = `${index}.yaml`;
      await writeFile(join(directory, name), text);
      await expect(runCompose(compose ?? '', directory, ['-f', name, 'config', '--quiet'])).rejects.toThrow();
    });
  },
);
