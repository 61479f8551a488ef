import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../shared/errors/app-error.ts';
import { parseEnvFile } from '../compose/env-file.ts';
import { PEER_ENVIRONMENT } from './corpus.ts';
import { runCompose } from './find-compose.ts';

type Values = Readonly<Record<string, string>>;

/** Set outside of the files. */
export const OUTSIDE = { OUT: 'outer' };

/** What we read in a text; undefined when we refuse it. */
export function ourValues(text: string): Values | undefined {
  try {
    return parseEnvFile(text, 'x.env', { ...PEER_ENVIRONMENT, ...OUTSIDE, COMPOSE_PROJECT_NAME: 'p' });
  } catch (error) {
    if (error instanceof AppError && error.code === 'env.invalid') return undefined;
    throw error;
  }
}

/**
 * For tests only: what Compose reads in each text, as an `env_file` of a service of its own in one project.
 *
 * @returns undefined when it refuses any of them.
 */
export async function composeValues(
  compose: string,
  texts: readonly string[],
): Promise<readonly Values[] | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'skilldeck-env-'));
  try {
    await Promise.all(texts.map((text, index) => writeFile(join(folder, `${index}.env`), text)));
    const services = texts.map((_, index) => `  s${index}: { image: x, env_file: ${index}.env }\n`).join('');
    await writeFile(join(folder, 'compose.yaml'), `name: p\nservices:\n${services}`);
    const printed = await runCompose(compose, folder, ['config', '--format', 'json'], OUTSIDE).catch(
      (error: unknown) => {
        // Its own refusal of a file; whatever else is a fault of the test.
        if (/failed to read|env file/.test(String(error))) return undefined;
        throw error;
      },
    );
    if (printed === undefined) return undefined;
    const project = JSON.parse(printed.replaceAll('$$', '$')) as {
      readonly services: Readonly<Record<string, { readonly environment?: Values }>>;
    };
    return texts.map((_, index) => project.services[`s${index}`]?.environment ?? {});
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
