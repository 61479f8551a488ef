import { LABEL } from '../../plan/labels.ts';
import type { ObservedContainer, ObservedImage, ObservedState } from '../../plan/observed-state.ts';
import type { ApiContainerSummary, ApiImage, ApiNetwork, ApiVolume } from './api-types.ts';
import type { Connection } from './connect.ts';
import { inspectContainer } from './container-lookup.ts';
import type { DockerApi } from './docker-api.ts';
import { inspectImage } from './image-cache.ts';
import { type Details, detailsKey, detailsOf, needsDetails, observedContainer } from './observe-container.ts';

const MAX_PARALLEL = 12;
/** Exact start times of running containers are asked for so many in a pass; the list's own words do for the rest. */
const MAX_EXACT = 64;

/** Reads all that exists of a project from labels alone; containers of `docker compose run` are not part of it. */
export async function observeProject(
  { api }: Pick<Connection, 'api'>,
  projectName: string,
  images: readonly string[],
  signal: AbortSignal,
): Promise<ObservedState> {
  const label = [`${LABEL.project}=${projectName}`];
  const filters = { label };
  const [summaries, networks, volumes, imageEntries] = await Promise.all([
    api.json<readonly ApiContainerSummary[]>({
      path: '/containers/json',
      query: { all: true, filters },
      signal,
    }),
    api.json<readonly ApiNetwork[]>({ path: '/networks', query: { filters }, signal }),
    api.json<{ Volumes?: readonly ApiVolume[] | null }>({ path: '/volumes', query: { filters }, signal }),
    mapParallel(
      [...new Set(images)],
      async (reference) => [reference, await inspectImage(api, reference, signal)] as const,
    ),
  ]);
  const instances = summaries.filter(({ Labels }) => Labels?.[LABEL.oneoff] !== 'True');
  return {
    containers: await observeContainers(api, projectName, instances, signal),
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
      imageEntries.flatMap(([reference, image]) => (image ? [[reference, observedImage(image)]] : [])),
    ),
  };
}

type DetailsById = Map<string, { readonly key: string; readonly details: Details }>;

/** What an inspection said, by project, for as long as the list says that nothing has happened since. */
const KNOWN = new WeakMap<DockerApi, Map<string, DetailsById>>();

async function observeContainers(
  api: DockerApi,
  projectName: string,
  summaries: readonly ApiContainerSummary[],
  signal: AbortSignal,
): Promise<readonly ObservedContainer[]> {
  const projects = KNOWN.get(api) ?? new Map<string, DetailsById>();
  KNOWN.set(api, projects);
  const known = projects.get(projectName);
  const next: DetailsById = new Map();
  let exact = 0;
  const observed = await mapParallel(summaries, async (summary) => {
    const key = detailsKey(summary);
    const last = known?.get(summary.Id);
    if (last !== undefined && last.key === key) {
      next.set(summary.Id, last);
      return observedContainer(summary, last.details);
    }
    if (!needsDetails(summary)) {
      exact += 1;
      if (exact > MAX_EXACT) return observedContainer(summary);
    }
    const container = await inspectContainer(api, summary.Id, signal);
    // It was removed since the list was made.
    if (!container) return undefined;
    const details = detailsOf(container);
    if (key !== undefined) next.set(summary.Id, { key, details });
    return observedContainer(summary, details);
  });
  // Replaced, not added to: containers that are gone must not stay in memory.
  if (next.size === 0) projects.delete(projectName);
  else projects.set(projectName, next);
  return observed.filter((container) => container !== undefined);
}

function observedImage({ Id, Config, Metadata, Os, Architecture, Variant }: ApiImage): ObservedImage {
  const taggedAt = Date.parse(Metadata?.LastTagTime ?? '');
  const test = Config?.Healthcheck?.Test?.[0];
  return {
    id: Id,
    ...optional('buildHash', Config?.Labels?.[LABEL.buildHash]),
    // Go's zero time (year 1) means "never".
    ...(taggedAt > 0 ? { taggedAt } : {}),
    ...(Os && Architecture ? { platform: [Os, Architecture, ...(Variant ? [Variant] : [])].join('/') } : {}),
    hasHealthcheck: test !== undefined && test !== 'NONE',
  };
}

function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}

async function mapParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const run = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(MAX_PARALLEL, items.length) }, run));
  return results;
}
