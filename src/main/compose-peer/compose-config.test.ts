import { describe, expect, test } from 'vitest';
import { serviceHash } from '../compose/canonical/definition-hash.ts';
import { toConfigJson } from '../compose/canonical/to-project.ts';
import type { ServiceDefinition } from '../compose/definition.ts';
import { loadProject } from '../compose/load-project.ts';
import { composeHashes } from './compose-hashes.ts';
import { composeArguments, constructs, loadInput, projects } from './corpus.ts';
import { findCompose, NEEDS_COMPOSE, runCompose } from './find-compose.ts';

const NONE: ServiceDefinition = { command: null, entrypoint: null };
const compose = await findCompose();

describe.skipIf(compose === undefined)(
  'reads as docker compose does',
  { concurrent: true, ...NEEDS_COMPOSE },
  () => {
    test.for([...constructs(), ...projects()])('$name', async (of) => {
      const [theirs, hashes] = await Promise.all([
        runCompose(compose ?? '', of.directory, [...composeArguments(of), 'config', '--format', 'json']),
        composeHashes(compose ?? '', of),
      ]);
      const project = await loadProject(loadInput(of));
      const ours = toConfigJson(project);
      // Compared as values first, for the difference that this shows.
      expect(JSON.parse(ours)).toEqual(JSON.parse(theirs));
      expect(ours).toBe(theirs);
      for (const [service, hash] of Object.entries(hashes)) {
        // Compose's `up` hashes these names, its `config` has forgotten them: create-corpus-like-compose compares the label.
        const { label_file: _names, ...definition } = project.services[service]?.definition ?? NONE;
        expect(`${service} ${serviceHash(definition)}`).toBe(`${service} ${hash}`);
      }
    });
  },
);
