import type { Project } from '../../main/compose/project.ts';
import { AppError } from '../../shared/errors/app-error.ts';

/** @throws AppError `service.unknown` for a name that the project does not have. */
export function checkServices(project: Project, names: readonly string[]): void {
  for (const name of names) {
    if (Object.hasOwn(project.services, name) || project.inactiveServices?.includes(name) === true) continue;
    const known = Object.keys(project.services).join(', ');
    throw new AppError('service.unknown', `There is no service ${name}.`, {
      hint: known === '' ? 'The project has no services.' : `The project has: ${known}.`,
      params: { service: name },
    });
  }
}
