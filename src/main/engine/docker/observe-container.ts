import type { PublishedPort } from '../../../shared/stack/stack-snapshot.ts';
import { LABEL } from '../../plan/labels.ts';
import type { ObservedContainer } from '../../plan/observed-state.ts';
import type { ApiContainer, ApiContainerSummary } from './api-types.ts';

const STATES = new Set(['created', 'running', 'paused', 'restarting', 'exited', 'dead']);

/** What only an inspection of the container tells. */
export interface Details {
  readonly imageRef: string;
  readonly healthOutput: string;
  readonly exitCode?: number;
  readonly oomKilled: boolean;
  readonly startedAt?: number;
  readonly finishedAt?: number;
}

/** @param details absent for a running container without trouble, when asking would take too long. */
export function observedContainer(
  summary: ApiContainerSummary,
  details?: Details,
  now = Date.now(),
): ObservedContainer {
  const labels = summary.Labels ?? {};
  const attached = Object.entries(summary.NetworkSettings?.Networks ?? {});
  const ids = attached.flatMap(([name, network]) => (network?.NetworkID ? [[name, network.NetworkID]] : []));
  const mounts = (summary.Mounts ?? []).flatMap(({ Type, Name, Destination }) =>
    Type === 'volume' && Name ? [[Destination, Name]] : [],
  );
  const known = details ?? { imageRef: summary.Image ?? '', healthOutput: '', oomKilled: false };
  const startedAt = known.startedAt ?? startFromWords(summary, now);
  return {
    id: summary.Id,
    name: (summary.Names?.[0] ?? '').replace(/^\//, ''),
    service: labels[LABEL.service] ?? '',
    number: Number(labels[LABEL.number] ?? 1) || 1,
    configHash: labels[LABEL.configHash] ?? '',
    imageId: summary.ImageID ?? '',
    state: stateOf(summary),
    health: healthOf(summary),
    ...known,
    ...(startedAt === undefined ? {} : { startedAt }),
    ports: publishedPorts(summary),
    networks: attached.map(([name]) => name),
    networkIds: Object.fromEntries(ids),
    volumes: Object.fromEntries(mounts),
    labels,
  };
}

/** Trouble has to be explained: exit codes and the output of probes are not in the list. */
export function needsDetails(summary: ApiContainerSummary): boolean {
  const health = healthOf(summary);
  return stateOf(summary) !== 'running' || health === 'unhealthy' || health === 'starting';
}

/**
 * Equal as long as an inspection would say the same; undefined when only asking can tell.
 * A start gives a container new endpoints, whatever the time since then reads like.
 */
export function detailsKey(summary: ApiContainerSummary): string | undefined {
  const health = healthOf(summary);
  if (health === 'unhealthy' || health === 'starting') return undefined;
  const endpoints = Object.values(summary.NetworkSettings?.Networks ?? {}).map(
    (network) => network?.EndpointID ?? '',
  );
  const isMarked = stateOf(summary) === 'running' && endpoints.some((id) => id !== '');
  return [summary.State, isMarked ? '' : summary.Status, health, ...endpoints].join('|');
}

export function detailsOf({ State: state, Config: config }: ApiContainer): Details {
  const hasEnded = state.Status === 'exited' || state.Status === 'dead';
  const startedAt = epoch(state.StartedAt);
  const finishedAt = epoch(state.FinishedAt);
  return {
    imageRef: config.Image,
    healthOutput: (state.Health?.Log ?? [])
      .map(({ Output }) => Output.trim())
      .filter((output) => output !== '')
      .join('\n'),
    ...(hasEnded && state.ExitCode !== undefined ? { exitCode: state.ExitCode } : {}),
    oomKilled: state.OOMKilled === true,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
  };
}

function stateOf({ State: state = '' }: ApiContainerSummary): ObservedContainer['state'] {
  // "removing" is the one state that is left out: it is as good as dead.
  return (STATES.has(state) ? state : 'dead') as ObservedContainer['state'];
}

/** The list tells it in words only: `Up 3 minutes (healthy)`. */
function healthOf({ Status: status = '' }: ApiContainerSummary): ObservedContainer['health'] {
  if (status.includes('(healthy)')) return 'healthy';
  if (status.includes('(unhealthy)')) return 'unhealthy';
  return status.includes('(health: starting)') ? 'starting' : 'none';
}

const UNIT_MS: Readonly<Record<string, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
  month: 2_592_000_000,
  year: 31_536_000_000,
};

/** `Up 5 minutes`, `Up About an hour`: as exact as it is said. */
function startFromWords({ Status: status = '' }: ApiContainerSummary, now: number): number | undefined {
  const match = /^Up (?:About an?|(\d+)|Less than a) (second|minute|hour|day|week|month|year)s?/.exec(status);
  const unit = UNIT_MS[match?.[2] ?? ''];
  return unit === undefined ? undefined : now - Number(match?.[1] ?? 1) * unit;
}

function publishedPorts({ Ports: ports }: ApiContainerSummary): readonly PublishedPort[] {
  return (ports ?? []).flatMap(({ IP, PublicPort, PrivatePort, Type }) =>
    PublicPort === undefined || PrivatePort === undefined
      ? []
      : [
          {
            hostIp: IP ?? '',
            hostPort: PublicPort,
            containerPort: PrivatePort,
            protocol: Type === 'udp' || Type === 'sctp' ? Type : 'tcp',
          },
        ],
  );
}

/** Go's zero time (year 1) means "never". */
function epoch(stamp: string | undefined): number | undefined {
  const at = stamp === undefined ? Number.NaN : Date.parse(stamp);
  return Number.isNaN(at) || at <= 0 ? undefined : at;
}
