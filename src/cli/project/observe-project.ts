import type { StackEngine } from '../../main/engine/stack-engine.ts';
import type { ObservedContainer } from '../../main/plan/observed-state.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { CliContext } from '../cli-context.ts';

/** The project's name: as given, else as the files say. Files that are broken do not keep it from being found. */
export async function projectName(context: CliContext): Promise<string> {
  const given = context.globals.projectName ?? context.env.COMPOSE_PROJECT_NAME;
  if (given !== undefined && given !== '') return given;
  const { cliSource } = await import('./cli-source.ts');
  return (await cliSource(context).load()).name;
}

/** Containers of the project, by service and number; of some services only, when there are names. */
export async function observeContainers(
  engine: StackEngine,
  name: string,
  services: readonly string[],
  signal: AbortSignal,
): Promise<readonly ObservedContainer[]> {
  const { containers } = await engine.observe(name, [], signal);
  for (const service of services)
    if (!containers.some((container) => container.service === service))
      throw new AppError('service.unknown', `The project ${name} has no container of a service ${service}.`, {
        params: { service },
      });
  return containers
    .filter((container) => services.length === 0 || services.includes(container.service))
    .toSorted((a, b) => a.service.localeCompare(b.service) || a.number - b.number);
}

/** One running container of a service. @throws AppError `service.not_running` */
export async function runningContainer(
  engine: StackEngine,
  name: string,
  service: string,
  index: number | undefined,
  signal: AbortSignal,
): Promise<ObservedContainer> {
  const { containers } = await engine.observe(name, [], signal);
  const found = containers
    .filter((container) => container.service === service && container.state === 'running')
    .toSorted((a, b) => a.number - b.number)
    .find((container) => index === undefined || container.number === index);
  if (found !== undefined) return found;
  const which = index === undefined ? service : `${service} ${index}`;
  throw new AppError('service.not_running', `The service ${which} is not running.`, {
    hint: `Start it with: skilldeck up ${service}`,
    params: { service },
  });
}
