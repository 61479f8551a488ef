import { AppError } from '../../../shared/errors/app-error.ts';
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
    throw new AppError('service.unknown', `There is no service "${name}" in this stack.`, {
      params: { service: name },
    });
  return service;
}

/**
 * The container of a service by its labels. One under its final name wins over one that an interrupted
 * recreation left under a temporary name.
 */
export async function findContainer(
  api: DockerApi,
  { project, service, number }: InstanceRef,
  signal: AbortSignal,
): Promise<ApiContainerSummary | undefined> {
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
  const name = `/${containerName(project, service, number)}`;
  return found.find((container) => container.Names?.includes(name)) ?? found[0];
}

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
