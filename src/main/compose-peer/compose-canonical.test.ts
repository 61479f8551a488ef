import { describe, expect, test } from 'vitest';
import { serviceHash } from '../compose/canonical/definition-hash.ts';
import { toConfigJson, toProject } from '../compose/canonical/to-project.ts';
import { parseYaml } from '../compose/parse-yaml.ts';
import { composeHashes } from './compose-hashes.ts';
import { composeArguments, constructs, projects } from './corpus.ts';
import { findCompose, NEEDS_COMPOSE, runCompose } from './find-compose.ts';

const compose = await findCompose();

/** Compose itself cannot read back what it prints of these: a size of -1, and a dependency whose profile is off. */
const ONE_WAY = [
  'constructs/memory',
  'constructs/depends-on-inactive',
  'projects/microservices-with-profiles',
];
const cases = [...constructs(), ...projects()].filter(({ name }) => !ONE_WAY.includes(name));

describe.skipIf(compose === undefined)(
  'what docker compose prints stays the same when read',
  { concurrent: true, ...NEEDS_COMPOSE },
  () => {
    test.for(cases)('$name', async (of) => {
      const config = [...composeArguments(of), 'config'];
      const [yaml, json, hashes] = await Promise.all([
        runCompose(compose ?? '', of.directory, config),
        runCompose(compose ?? '', of.directory, [...config, '--format', 'json']),
        composeHashes(compose ?? '', of),
      ]);
      const root = parseYaml({ path: '/printed.yaml', text: yaml.replaceAll('$$', '$') });
      const { name } = JSON.parse(json) as { name: string };
      const { directory: workingDir } = of;
      const tree = { root, name, workingDir, configFiles: [], env: {}, profiles: ['*'], warnings: [] };
      const project = toProject(tree);
      expect(toConfigJson(project)).toBe(json);
      for (const [service, hash] of Object.entries(hashes)) {
        const definition = project.services[service]?.definition;
        expect(`${service} ${definition && serviceHash(definition)}`).toBe(`${service} ${hash}`);
      }
    });
  },
);
