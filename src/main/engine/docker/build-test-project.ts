import type { BuildDefinition } from '../../compose/definition.ts';
import type { Project, Service } from '../../compose/project.ts';
import { testProject } from './docker-test-bed.ts';

/** For tests: a project whose service `web` is built as defined, and others if need be. */
export function buildProject(
  web: BuildDefinition,
  others: Readonly<Record<string, BuildDefinition>> = {},
  extra: Partial<Project> = {},
): Project & { readonly services: { readonly web: Service } } {
  const parts = Object.entries({ web, ...others }).map(([name, build]) => {
    const plain = { context: build.context ?? '/', dockerfile: 'Dockerfile', args: {}, labels: {} };
    return [name, { build: plain, image: `skilldeck-test/${name}:built`, definition: { build } }] as const;
  });
  const project = testProject(Object.fromEntries(parts), extra);
  return project as Project & { readonly services: { readonly web: Service } };
}
