import { AppError } from '../../../shared/errors/app-error.ts';
import type { Network, Project, Volume } from '../../compose/project.ts';
import { LABEL, networkLabels, volumeLabels } from '../../plan/labels.ts';
import type { ApiNetwork, ApiVolume } from './api-types.ts';
import type { DockerApi } from './docker-api.ts';
import { statusOf, toEngineError } from './engine-errors.ts';

export async function createNetwork(
  api: DockerApi,
  project: Project,
  key: string,
  signal: AbortSignal,
): Promise<void> {
  const network = project.networks[key];
  if (!network) throw new AppError('compose.invalid', `The network "${key}" is not in the compose file.`);
  const existing = await findNetwork(api, network.name, signal);
  if (network.external) {
    if (!existing) throw missingExternal('network', network.name);
    return;
  }
  if (existing) {
    if (existing.Labels?.[LABEL.project] === project.name) return;
    throw foreign('network', network.name);
  }
  try {
    await api.json({ method: 'POST', path: '/networks/create', body: networkBody(project, network), signal });
  } catch (error) {
    throw networkFault(error, network, signal);
  }
}

export async function removeNetwork(api: DockerApi, id: string, signal: AbortSignal): Promise<void> {
  await api.json({ method: 'DELETE', path: `/networks/${encodeURIComponent(id)}`, accept: [404], signal });
}

export async function createVolume(
  api: DockerApi,
  project: Project,
  key: string,
  signal: AbortSignal,
): Promise<void> {
  const volume = project.volumes[key];
  if (!volume) throw new AppError('compose.invalid', `The volume "${key}" is not in the compose file.`);
  const existing = await findVolume(api, volume.name, signal);
  if (volume.external) {
    if (!existing) throw missingExternal('volume', volume.name);
    return;
  }
  // A volume made elsewhere under this name is used as it is, as Compose does: it may hold data.
  if (existing) return;
  await api.json({ method: 'POST', path: '/volumes/create', body: volumeBody(project, volume), signal });
}

/** @param name the engine's name of the volume. */
export async function removeVolume(api: DockerApi, name: string, signal: AbortSignal): Promise<void> {
  await api.json({ method: 'DELETE', path: `/volumes/${encodeURIComponent(name)}`, accept: [404], signal });
}

function networkBody(project: Project, network: Network): object {
  const ipam = network.ipam.map(({ subnet, gateway }) => ({
    ...(subnet === undefined ? {} : { Subnet: subnet }),
    ...(gateway === undefined ? {} : { Gateway: gateway }),
  }));
  return {
    Name: network.name,
    Driver: network.driver ?? 'bridge',
    Internal: network.internal,
    // Engines before 23.0 make a second network of the same name otherwise.
    CheckDuplicate: true,
    ...(ipam.length === 0 ? {} : { IPAM: { Driver: 'default', Config: ipam } }),
    Labels: networkLabels(project, network),
  };
}

function volumeBody(project: Project, volume: Volume): object {
  return {
    Name: volume.name,
    Driver: volume.driver ?? 'local',
    DriverOpts: volume.driverOpts,
    Labels: volumeLabels(project, volume),
  };
}

async function findNetwork(
  api: DockerApi,
  name: string,
  signal: AbortSignal,
): Promise<ApiNetwork | undefined> {
  // The filter matches parts of names.
  const found = await api.json<readonly ApiNetwork[]>({
    path: '/networks',
    query: { filters: { name: [name] } },
    signal,
  });
  return found.find((network) => network.Name === name);
}

async function findVolume(api: DockerApi, name: string, signal: AbortSignal): Promise<ApiVolume | undefined> {
  try {
    return await api.json<ApiVolume>({ path: `/volumes/${encodeURIComponent(name)}`, signal });
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

function networkFault(error: unknown, network: Network, signal: AbortSignal): AppError {
  const fault = toEngineError(error, signal);
  if (fault.code !== 'subnet.in_use') return fault;
  const subnet = network.ipam[0]?.subnet ?? '';
  return new AppError(
    'subnet.in_use',
    `The subnet ${subnet} of the network ${network.name} is used by another network.`,
    {
      ...(fault.hint === undefined ? {} : { hint: fault.hint }),
      params: { ...fault.params, subnet, network: network.name },
      cause: error,
    },
  );
}

function missingExternal(kind: 'network' | 'volume', name: string): AppError {
  return new AppError('engine.request_failed', `The external ${kind} ${name} does not exist.`, {
    hint: `Create it with "docker ${kind} create ${name}".`,
    params: { status: 404, reason: name },
  });
}

function foreign(kind: 'network', name: string): AppError {
  return new AppError(
    'engine.request_failed',
    `There is already a ${kind} ${name} that belongs to something else.`,
    {
      hint: `Remove it with "docker ${kind} rm ${name}" if it is not needed, or mark it as external in the compose file.`,
      params: { status: 409, reason: name },
    },
  );
}
