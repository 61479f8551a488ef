import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import type { Network, Project } from '../../compose/project.ts';
import { networkHash } from '../../plan/config-hash.ts';
import { LABEL, networkLabels } from '../../plan/labels.ts';
import type { ApiNetwork } from './api-types.ts';
import { compareApiVersions } from './api-version.ts';
import type { Connection } from './connect.ts';
import type { Work } from './container-create.ts';
import { defined } from './defined.ts';
import type { DockerApi } from './docker-api.ts';
import { reasonOf, statusOf, toEngineError } from './engine-errors.ts';

const ENABLE_IPV4 = '1.48';

/**
 * One of another project is used as it is if it goes by the same key, as Compose does; any other thing of that name
 * is not touched.
 */
export async function createNetwork(
  { api, apiVersion }: Pick<Connection, 'api' | 'apiVersion'>,
  project: Project,
  key: string,
  { signal, report }: Work,
): Promise<void> {
  const network = project.networks[key];
  if (!network) throw new AppError('compose.invalid', phrase('network_not_in_file', { key }));
  const existing = await findNetworks(api, network.name, signal);
  if (network.external) return checkExternal(api, network, existing, signal);
  if (existing.length > 0) return checkExisting(project, network, existing, report);
  try {
    const body = networkBody(project, network, apiVersion);
    await api.json({ method: 'POST', path: '/networks/create', body, signal });
  } catch (error) {
    // Somebody made it in this moment.
    const made = statusOf(error) === 409 ? await findNetworks(api, network.name, signal) : [];
    if (made.length === 0) throw networkFault(error, network, signal);
    checkExisting(project, network, made, report);
  }
}

/** One that other containers still use stays, as with `docker compose down`. */
export async function removeNetwork(
  api: DockerApi,
  id: string,
  name: string,
  { signal, report }: Work,
): Promise<void> {
  try {
    await api.json({ method: 'DELETE', path: `/networks/${encodeURIComponent(id)}`, accept: [404], signal });
  } catch (error) {
    if (statusOf(error) === undefined || !/active endpoints|in use/i.test(reasonOf(error))) throw error;
    report({ output: `The network ${name} is still used by other containers and stays.` });
  }
}

function checkExisting(
  project: Project,
  network: Network,
  existing: readonly ApiNetwork[],
  report: Work['report'],
): void {
  const own = existing.find(({ Labels }) => Labels?.[LABEL.project] === project.name) ?? existing[0];
  const labels = own?.Labels ?? {};
  if (labels[LABEL.network] !== network.key) throw foreignNetwork(network.name);
  if (labels[LABEL.project] !== project.name) {
    const owner = labels[LABEL.project] ?? 'another program';
    report({ output: `The network ${network.name} was made by ${owner}; it is used as it is.` });
    return;
  }
  const hash = labels[LABEL.configHash];
  if (hash !== undefined && hash !== networkHash(network)) throw changedNetwork(network.name);
}

async function checkExternal(
  api: DockerApi,
  { name }: Network,
  found: readonly ApiNetwork[],
  signal: AbortSignal,
): Promise<void> {
  if (found.length === 1) return;
  if (found.length > 1)
    throw new AppError(
      'engine.request_failed',
      phrase('networks_of_one_name', { number: found.length, name }),
      {
        hint: 'Name the external network by its id.',
        params: { status: 409, reason: name },
      },
    );
  try {
    const byId = await api.json<ApiNetwork>({ path: `/networks/${encodeURIComponent(name)}`, signal });
    // The engine also takes the beginning of an id.
    if (byId.Id === name) return;
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
  throw missingExternal('network', name);
}

function networkBody(project: Project, network: Network, apiVersion: string): object {
  const { definition, name } = network;
  const { driver, config = [] } = definition.ipam;
  const ipam = defined({
    Driver: driver,
    Config:
      config.length === 0
        ? undefined
        : config.map((pool) =>
            defined({
              Subnet: pool.subnet,
              IPRange: pool.ip_range,
              Gateway: pool.gateway,
              AuxiliaryAddresses: pool.aux_addresses,
            }),
          ),
  });
  return defined({
    Name: name,
    Driver: definition.driver,
    Options: definition.driver_opts,
    Internal: definition.internal,
    Attachable: definition.attachable,
    EnableIPv4: compareApiVersions(apiVersion, ENABLE_IPV4) >= 0 ? definition.enable_ipv4 : undefined,
    EnableIPv6: definition.enable_ipv6,
    // Engines before 23.0 make a second network of the same name otherwise.
    CheckDuplicate: true,
    IPAM: Object.keys(ipam).length === 0 ? undefined : ipam,
    Labels: networkLabels(project, network),
  });
}

async function findNetworks(
  api: DockerApi,
  name: string,
  signal: AbortSignal,
): Promise<readonly ApiNetwork[]> {
  // The filter matches parts of names.
  const found = await api.json<readonly ApiNetwork[]>({
    path: '/networks',
    query: { filters: { name: [name] } },
    signal,
  });
  return found.filter((network) => network.Name === name);
}

function networkFault(error: unknown, network: Network, signal: AbortSignal): AppError {
  const fault = toEngineError(error, signal);
  if (fault.code !== 'subnet.in_use') return fault;
  const subnet = network.definition.ipam.config?.[0]?.subnet ?? '';
  return new AppError('subnet.in_use', phrase('subnet_used', { subnet, network: network.name }), {
    ...(fault.hint === undefined ? {} : { hint: fault.hint }),
    params: { ...fault.params, subnet, network: network.name },
    cause: error,
  });
}

export function missingExternal(kind: 'network' | 'volume', name: string): AppError {
  return new AppError(
    'engine.request_failed',
    phrase(kind === 'network' ? 'external_network_missing' : 'external_volume_missing', { name }),
    {
      hint: `Create it with "docker ${kind} create ${name}".`,
      params: { status: 404, reason: name },
    },
  );
}

function foreignNetwork(name: string): AppError {
  return new AppError('engine.request_failed', phrase('network_of_others', { name }), {
    hint: `Remove it with "docker network rm ${name}" if it is not needed, or mark it as external in the compose file.`,
    params: { status: 409, reason: name },
  });
}

function changedNetwork(name: string): AppError {
  return new AppError('engine.request_failed', phrase('network_changed_in_use', { name }), {
    hint: `Stop what uses it ("docker network inspect ${name}" lists it), then start again.`,
    params: { status: 409, reason: name },
  });
}
