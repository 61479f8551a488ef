import type { StackSnapshot } from '../../shared/stack/stack-snapshot.ts';
import type { Project } from '../compose/project.ts';

/** Profiles that the files name, and which are on. */
export function projectProfiles(
  project: Project | undefined,
): NonNullable<StackSnapshot['project']['profiles']> {
  if (project === undefined) return [];
  const active = new Set(Object.values(project.services).flatMap((service) => service.profiles));
  return [...active].sort().map((name) => ({ name, active: true }));
}
