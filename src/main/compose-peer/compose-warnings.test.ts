// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Compose's variables look like that.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { loadProject } from '../compose/load-project.ts';
import { PEER_ENVIRONMENT, readText } from './corpus.ts';
import { findCompose, NEEDS_COMPOSE } from './find-compose.ts';

const compose = await findCompose();

const FILES = {
  'compose.yaml': `version: "3.8"
include: [more.yaml]
services:
  a:
    image: "x:\${NOPE}"
    environment: { B: "$NOPE \${NOPE2}", C: "\${D:-x}", E: "\${F-}", G: "\${H:+$I}", J: $$K, L: "\${SET}" }
    networks: [n]
  b: { extends: { file: base.yaml, service: base } }
networks: { n: { external: { name: foo } } }
volumes: { v: { external: { name: bar } }, w: { external: true, name: w } }
`,
  'compose.override.yaml': 'version: "3"\nservices: { a: { user: "${NOPE}" } }\n',
  'more.yaml': 'version: "2"\nservices: { c: { image: "y${OF_INCLUDED}" } }\n',
  'base.yaml': 'services: { base: { image: "z${OF_EXTENDED}" } }\n',
  '.env': 'SET=\n',
};

test.skipIf(compose === undefined)('warns of what docker compose warns of', NEEDS_COMPOSE, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'skilldeck-warnings-'));
  try {
    for (const [name, text] of Object.entries(FILES)) await writeFile(join(directory, name), text);
    const { stderr } = await promisify(execFile)(compose ?? '', ['config', '-q'], {
      cwd: directory,
      env: PEER_ENVIRONMENT,
    });
    const files = ['compose.yaml', 'compose.override.yaml'].map((name) => join(directory, name));
    const { warnings = [] } = await loadProject({
      files: await Promise.all(files.map(async (path) => ({ path, text: (await readText(path)) ?? '' }))),
      env: { ...PEER_ENVIRONMENT, SET: '' },
      workingDir: directory,
      readText,
    });
    // The same things; Compose names no place, and a variable as often as it comes across it.
    const theirs = stderr
      .trim()
      .split('\n')
      .map((line) => summary(line.replaceAll('\\"', '"')));
    const ours = warnings.map((warning) => {
      if (warning.kind === 'unset_variable') return `unset ${warning.variable}`;
      if (warning.kind === 'obsolete_version') return `version ${warning.at.file}`;
      return `external ${warning.at.path.replace('.external.name', '')}`;
    });
    expect([...new Set(ours)].toSorted()).toEqual([...new Set(theirs)].toSorted());
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

function summary(line: string): string {
  const [, variable] = /The "(\w+)" variable is not set/.exec(line) ?? [];
  if (variable !== undefined) return `unset ${variable}`;
  const [, file] = /msg="(.*): the attribute `version` is obsolete/.exec(line) ?? [];
  if (file !== undefined) return `version ${file}`;
  const [, resource] = /msg="(.*): external.name is deprecated/.exec(line) ?? [];
  return resource === undefined ? line : `external ${resource}`;
}
