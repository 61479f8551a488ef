import type { Project } from '../compose/project.ts';
import { imageReference } from '../plan/container-name.ts';

/** What the services of a project run, each once. */
export function imageReferences(project: Project): readonly string[] {
  return [...new Set(Object.values(project.services).map((service) => imageReference(project, service)))];
}
