import { resolve } from 'node:path';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import type { BuildDefinition } from '../../compose/definition.ts';
import type { Project } from '../../compose/project.ts';
import { imageReference } from '../../plan/container-name.ts';
import type { Refuse } from './build-inputs.ts';

/** A name that the Dockerfile may use in `FROM` and `--from=`, and what it stands for. */
export type AdditionalContext =
  | { readonly name: string; readonly kind: 'folder'; readonly path: string }
  | { readonly name: string; readonly kind: 'image'; readonly reference: string }
  /** What another service builds; it is built before this one. */
  | { readonly name: string; readonly kind: 'service'; readonly service: string; readonly reference: string };

const STAGE_NAME = /^[a-z][a-z0-9_.-]*$/;
const FROM_LINE = /^[ \t]*FROM\s/im;

export function readAdditionalContexts(
  { additional_contexts: contexts = {} }: BuildDefinition,
  project: Project,
  refuse: Refuse,
): readonly AdditionalContext[] {
  return Object.entries(contexts).map(([name, value]) => {
    const key = `additional_contexts.${name}`;
    if (!STAGE_NAME.test(name)) throw refuse(key, phrase('build_context_name'));
    const service = after(value, 'service:');
    if (service !== undefined) return { name, kind: 'service', service, reference: referenceOf(service) };
    const image = after(value, 'docker-image://');
    if (image !== undefined) return { name, kind: 'image', reference: image };
    if (/^[a-z][a-z-]+:\/\/|^git@/i.test(value)) throw refuse(key, phrase('build_context_value', { value }));
    return { name, kind: 'folder', path: resolve(project.workingDir, value) };

    function referenceOf(other: string): string {
      const found = project.services[other];
      if (!found) throw refuse(key, phrase('build_no_service', { service: other }));
      return imageReference(project, found);
    }
  });
}

/**
 * Puts a stage of the name before the first one of the Dockerfile, which then means it wherever it says the name.
 *
 * The API of the engine takes no named contexts; a stage is what every builder understands.
 *
 * @param stages image by name
 */
export function insertStages(
  dockerfile: string,
  stages: ReadonlyMap<string, string>,
  refuse: Refuse,
): string {
  if (stages.size === 0) return dockerfile;
  const first = FROM_LINE.exec(dockerfile);
  if (!first) return dockerfile;
  for (const name of stages.keys())
    if (new RegExp(`^[ \\t]*FROM\\s.*\\sAS\\s+${name.replaceAll('.', '\\.')}\\s*$`, 'im').test(dockerfile))
      throw refuse(`additional_contexts.${name}`, phrase('build_stage_exists'));
  const lines = [...stages].map(([name, image]) => `FROM ${image} AS ${name}\n`).join('');
  return dockerfile.slice(0, first.index) + lines + dockerfile.slice(first.index);
}

function after(text: string, prefix: string): string | undefined {
  return text.startsWith(prefix) ? text.slice(prefix.length) : undefined;
}
