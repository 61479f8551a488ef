import type { PublishedPort } from '../../../shared/stack/stack-snapshot.ts';
import { LABEL } from '../../plan/labels.ts';
import type { ObservedContainer, ObservedImage, ObservedState } from '../../plan/observed-state.ts';
import type { ApiContainer, ApiContainerSummary, ApiNetwork, ApiVolume } from './api-types.ts';
import type { Connection } from './connect.ts';
import { inspectContainer } from './container-lookup.ts';
import { inspectImage } from './container-operations.ts';

const MAX_PARALLEL = 8;
const STATES = new Set(['created', 'running', 'paused', 'restarting', 'exited', 'dead']);
const HEALTHS = new Set(['starting', 'healthy', 'unhealthy']);

/** Reads all that exists of a project from labels alone; containers of `docker compose run` are not part of it. */
export async function observeProject(
  connection: Connection,
  projectName: string,
  images: readonly string[],
  signal: AbortSignal,
): Promise<ObservedState> {
  const { api } = connection;
  const label = [`${LABEL.project}=${projectName}`];
  const [summaries, networks, volumes, imageEntries] = await Promise.all([
    api.json<readonly ApiContainerSummary[]>({
      path: '/containers/json',
      query: { all: true, filters: { label } },
      signal,
    }),
    api.json<readonly ApiNetwork[]>({ path: '/networks', query: { filters: { label } }, signal }),
    api.json<{ Volumes?: readonly ApiVolume[] | null }>({
      path: '/volumes',
      query: { filters: { label } },
      signal,
    }),
    mapParallel(
      [...new Set(images)],
      async (reference) => [reference, await inspectImage(connection, reference, signal)] as const,
    ),
  ]);
  const ids = summaries.filter(({ Labels }) => Labels?.[LABEL.oneoff] !== 'True').map(({ Id }) => Id);
  const containers = await mapParallel(ids, (id) => inspectContainer(api, id, signal));
  return {
    containers: containers.flatMap((container) => (container ? [toObservedContainer(container)] : [])),
    networks: networks.map((network) => ({
      id: network.Id,
      name: network.Name,
      key: network.Labels?.[LABEL.network] ?? network.Name,
      ...optional('configHash', network.Labels?.[LABEL.configHash]),
      ...optional('subnet', network.IPAM?.Config?.[0]?.Subnet),
    })),
    volumes: (volumes.Volumes ?? []).map((volume) => ({
      name: volume.Name,
      key: volume.Labels?.[LABEL.volume] ?? volume.Name,
      ...optional('configHash', volume.Labels?.[LABEL.configHash]),
    })),
    images: Object.fromEntries(
      imageEntries.flatMap(([reference, image]): (readonly [string, ObservedImage])[] =>
        image
          ? [[reference, { id: image.Id, ...optional('buildHash', image.Config?.Labels?.[LABEL.buildHash]) }]]
          : [],
      ),
    ),
  };
}

export function toObservedContainer(container: ApiContainer): ObservedContainer {
  const { State: state, Config: config, NetworkSettings: net } = container;
  const labels = config.Labels ?? {};
  const health = state.Health?.Status ?? '';
  return {
    id: container.Id,
    name: container.Name.replace(/^\//, ''),
    service: labels[LABEL.service] ?? '',
    number: Number(labels[LABEL.number] ?? 1) || 1,
    configHash: labels[LABEL.configHash] ?? '',
    imageId: container.Image,
    imageRef: config.Image,
    // "removing" is the one state that is left out: it is as good as dead.
    state: (STATES.has(state.Status) ? state.Status : 'dead') as ObservedContainer['state'],
    health: (HEALTHS.has(health) ? health : 'none') as ObservedContainer['health'],
    healthOutput: probeOutput(container),
    ...(state.Status === 'exited' || state.Status === 'dead' ? optional('exitCode', state.ExitCode) : {}),
    oomKilled: state.OOMKilled === true,
    ...optional('startedAt', epoch(state.StartedAt)),
    ...optional('finishedAt', epoch(state.FinishedAt)),
    ports: publishedPorts(net?.Ports ?? {}),
    networks: Object.keys(net?.Networks ?? {}),
    labels,
  };
}

function probeOutput({ State: { Health: health } }: ApiContainer): string {
  return (health?.Log ?? [])
    .map(({ Output }) => Output.trim())
    .filter((output) => output !== '')
    .join('\n');
}

type PortTable = NonNullable<NonNullable<ApiContainer['NetworkSettings']>['Ports']>;

function publishedPorts(table: PortTable): readonly PublishedPort[] {
  return Object.entries(table).flatMap(([key, bindings]) => {
    const [port, protocol] = key.split('/');
    return (bindings ?? []).map(({ HostIp, HostPort }) => ({
      hostIp: HostIp ?? '',
      hostPort: Number(HostPort),
      containerPort: Number(port),
      protocol: protocol === 'udp' ? ('udp' as const) : ('tcp' as const),
    }));
  });
}

/** Go's zero time (year 1) means "never". */
function epoch(stamp: string | undefined): number | undefined {
  const at = stamp === undefined ? Number.NaN : Date.parse(stamp);
  return Number.isNaN(at) || at <= 0 ? undefined : at;
}

function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}

async function mapParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = [...items.entries()];
  const run = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: Math.min(MAX_PARALLEL, items.length) }, run));
  return results;
}
