import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import type { ServiceDefinition } from '../../compose/definition.ts';
import type { Project, Service } from '../../compose/project.ts';
import { LABEL } from '../../plan/labels.ts';
import { resolvedDefinition, sharedInstance, sharedServices } from '../../plan/resolved-definition.ts';
import type { ApiContainerSummary } from './api-types.ts';
import type { DockerApi } from './docker-api.ts';

export interface ResolvedReferences {
  /** What Compose hashes. */
  readonly definition: ServiceDefinition;
  readonly volumesFrom: readonly string[];
  /** `container:alias` */
  readonly links: readonly string[];
}

interface Instance {
  readonly id: string;
  readonly name: string;
  readonly service: string;
}

/** Containers in the place of the services that this one names; asks the engine only if it names any. */
export async function resolveReferences(
  api: DockerApi,
  { project, service, number }: { project: Project; service: Service; number: number },
  signal: AbortSignal,
): Promise<ResolvedReferences> {
  const { definition } = service;
  const { links = [], external_links = [], volumes_from = [] } = definition;
  const shared = sharedServices(definition);
  const outside = external_links.map((link) => (link.includes(':') ? link : `${link}:${link}`));
  if (shared.length === 0 && links.length === 0)
    return { definition: resolvedDefinition(service, () => undefined), ...withoutServices() };
  const instances = await listInstances(api, project.name, signal);
  const idOf = (name: string) => sharedInstance(instances.filter((one) => one.service === name))?.id;
  for (const name of shared) if (idOf(name) === undefined) throw missing(service.name, name);
  return {
    definition: resolvedDefinition(service, idOf),
    volumesFrom: volumes_from.map((entry) => volumeSource(entry, idOf)),
    links: [...links.flatMap((link) => linkNames(link)), ...outside],
  };

  function withoutServices() {
    return { volumesFrom: volumes_from.map((entry) => volumeSource(entry, idOfNone)), links: outside };
  }

  /** Three names for each instance, as the first Compose gave them. */
  function linkNames(link: string): readonly string[] {
    const [target = '', alias = target] = link.split(':');
    return instances
      .filter((one) => one.service === target)
      .flatMap(({ name }) => [
        `${name}:${alias}`,
        `${name}:${target}-${number}`,
        `${name}:${project.name}-${target}-${number}`,
      ]);
  }
}

/** `service[:mode]` or `container:name[:mode]`; Compose forgets the mode, the API knows it. */
function volumeSource(entry: string, idOf: (service: string) => string | undefined): string {
  const [first = '', second = '', third = ''] = entry.split(':');
  const [source, mode] = first === 'container' ? [second, third] : [idOf(first) ?? first, second];
  return mode === '' ? source : `${source}:${mode}`;
}

function idOfNone(): undefined {
  return undefined;
}

async function listInstances(
  api: DockerApi,
  project: string,
  signal: AbortSignal,
): Promise<readonly Instance[]> {
  const label = [`${LABEL.project}=${project}`, `${LABEL.oneoff}=False`];
  const found = await api.json<readonly ApiContainerSummary[]>({
    path: '/containers/json',
    query: { all: true, filters: { label } },
    signal,
  });
  return found.map(({ Id, Names, Labels }) => ({
    id: Id,
    name: (Names?.[0] ?? Id).replace(/^\//, ''),
    service: Labels?.[LABEL.service] ?? '',
  }));
}

function missing(service: string, other: string): AppError {
  const reason = `${other} has no container`;
  return new AppError('service.start_failed', phrase('shares_with_absent', { service, other }), {
    hint: `Start ${other} first.`,
    params: { service, reason },
  });
}
