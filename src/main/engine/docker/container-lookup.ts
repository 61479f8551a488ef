import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import type { Project, Service } from '../../compose/project.ts';
import { containerName } from '../../plan/container-name.ts';
import { LABEL } from '../../plan/labels.ts';
import type { ApiContainer, ApiContainerSummary } from './api-types.ts';
import type { DockerApi } from './docker-api.ts';
import { statusOf } from './engine-errors.ts';

export interface InstanceRef {
  readonly project: Project;
  readonly service: Service;
  readonly number: number;
}

export function serviceOf(project: Project, name: string): Service {
  const service = project.services[name];
  if (!service)
    throw new AppError('service.unknown', phrase('no_service', { name }), {
      params: { service: name },
    });
  return service;
}

/**
 * The container of an instance. One under its final name wins over one that an interrupted recreation left under
 * a temporary name; only if there is none, the engine has to search its labels.
 */
export async function findContainer(
  api: DockerApi,
  ref: InstanceRef,
  signal: AbortSignal,
): Promise<ApiContainer | undefined> {
  const { project, service, number } = ref;
  const named = await inspectContainer(api, containerName(project, service, number), signal);
  if (named && isInstance(named, ref)) return named;
  const label = [
    `${LABEL.project}=${project.name}`,
    `${LABEL.service}=${service.name}`,
    `${LABEL.number}=${number}`,
    `${LABEL.oneoff}=False`,
  ];
  const found = await api.json<readonly ApiContainerSummary[]>({
    path: '/containers/json',
    query: { all: true, filters: { label } },
    signal,
  });
  return found[0] && inspectContainer(api, found[0].Id, signal);
}

export function isInstance(container: ApiContainer, { project, service, number }: InstanceRef): boolean {
  const labels = container.Config.Labels ?? {};
  return (
    labels[LABEL.project] === project.name &&
    labels[LABEL.service] === service.name &&
    labels[LABEL.number] === String(number) &&
    labels[LABEL.oneoff] !== 'True'
  );
}

/** @param id or name. */
export async function inspectContainer(
  api: DockerApi,
  id: string,
  signal: AbortSignal,
): Promise<ApiContainer | undefined> {
  try {
    return await api.json<ApiContainer>({ path: `/containers/${encodeURIComponent(id)}/json`, signal });
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}
