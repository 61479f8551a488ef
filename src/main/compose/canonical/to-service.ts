import { phrase, verbatim } from '../../../shared/errors/phrases/phrase.ts';
import type { ServiceDefinition } from '../definition.ts';
import { invalid, type LocatedMap, type Place } from '../located.ts';
import type {
  Build,
  Healthcheck,
  Mount,
  NetworkAttachment,
  Resources,
  RestartPolicy,
  Service,
} from '../project.ts';
import { readExtension } from '../read-extension.ts';
import { goDurationMs, parseGoDuration } from './go-duration.ts';
import { placeOf } from './places.ts';
import { toPortMapping } from './to-port-mapping.ts';

type At = (...keys: (string | number)[]) => Place;

/** The parts of a definition that need interpretation, interpreted. */
export function toService(name: string, definition: ServiceDefinition, root: LocatedMap): Service {
  const at: At = (...keys) => placeOf(root, 'services', name, ...keys);
  const { image, build, container_name: containerName, stop_grace_period: grace } = definition;
  const services = root.entries.get('services');
  const node = services?.kind === 'map' ? services.entries.get(name) : undefined;
  const dependencies = Object.entries(definition.depends_on ?? {}).map(
    ([key, { condition, restart = false, required }]) => [key, { condition, restart, required }] as const,
  );
  return {
    name,
    definition,
    replicas: definition.scale ?? definition.deploy?.replicas ?? 1,
    ...(image === undefined ? {} : { image }),
    ...(build === undefined ? {} : { build: toBuild(build, at) }),
    ...(containerName === undefined ? {} : { containerName }),
    environment: Object.fromEntries(
      Object.entries(definition.environment ?? {}).flatMap(([key, value]) =>
        value === null ? [] : [[key, value]],
      ),
    ),
    ports: definition.ports?.map((port, index) => toPortMapping(port, at('ports', index))) ?? [],
    volumes: definition.volumes?.flatMap(toMount) ?? [],
    networks: Object.fromEntries(
      Object.entries(definition.networks ?? {}).map(([key, attachment]): [string, NetworkAttachment] => [
        key,
        {
          aliases: attachment?.aliases ?? [],
          ...(attachment?.ipv4_address === undefined ? {} : { ipv4Address: attachment.ipv4_address }),
        },
      ]),
    ),
    dependsOn: Object.fromEntries(dependencies),
    ...(definition.healthcheck === undefined
      ? {}
      : { healthcheck: toHealthcheck(definition.healthcheck, at) }),
    resources: toResources(definition),
    restart: toRestart(definition, at),
    ...(grace === undefined ? {} : { stopGracePeriodMs: goDurationMs(grace) }),
    labels: definition.labels ?? {},
    profiles: definition.profiles ?? [],
    ...toPullPolicy(definition.pull_policy),
    skilldeck: readExtension(node?.kind === 'map' ? node.entries.get('x-skilldeck') : undefined),
  };
}

function toBuild(build: NonNullable<ServiceDefinition['build']>, at: At): Build {
  if (build.context === undefined) throw invalid(at('build'), phrase('context'), phrase('none'));
  return {
    context: build.context,
    dockerfile: build.dockerfile ?? 'Dockerfile',
    args: Object.fromEntries(
      Object.entries(build.args ?? {}).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
    ),
    ...(build.target === undefined ? {} : { target: build.target }),
    labels: build.labels ?? {},
  };
}

/** Named pipes and volumes of Swarm are in the definition only: nothing of ours does them. */
function toMount(mount: NonNullable<ServiceDefinition['volumes']>[number]): Mount[] {
  const { source, target, read_only: readOnly = false } = mount;
  if (mount.type === 'bind') return [{ kind: 'bind', source: source ?? '', target, readOnly }];
  if (mount.type === 'volume')
    return [{ kind: 'volume', ...(source === undefined ? {} : { source }), target, readOnly }];
  if (mount.type === 'image') {
    const subpath = mount.image?.subpath;
    const given = { source: source ?? '', target, ...(subpath === undefined ? {} : { subpath }) };
    return [{ kind: 'image', ...given, readOnly: true }];
  }
  if (mount.type !== 'tmpfs') return [];
  const size = mount.tmpfs?.size;
  return [{ kind: 'tmpfs', target, ...(size === undefined ? {} : { sizeBytes: Number(size) }) }];
}

function toHealthcheck(check: NonNullable<ServiceDefinition['healthcheck']>, at: At): Healthcheck {
  if (check.start_interval !== undefined && check.start_period === undefined)
    throw invalid(at('healthcheck', 'start_interval'), phrase('start_period_beside'), phrase('none'));
  const times = {
    intervalMs: check.interval,
    timeoutMs: check.timeout,
    startPeriodMs: check.start_period,
    startIntervalMs: check.start_interval,
  };
  return {
    disabled: check.disable === true || check.test?.[0] === 'NONE',
    ...(check.test === undefined ? {} : { test: check.test }),
    ...Object.fromEntries(
      Object.entries(times).flatMap(([key, text]) => (text === undefined ? [] : [[key, goDurationMs(text)]])),
    ),
    ...(check.retries === undefined ? {} : { retries: check.retries }),
  };
}

/** `deploy.resources.limits` wins; where both are given they agree. */
function toResources(definition: ServiceDefinition): Resources {
  const limits = definition.deploy?.resources.limits;
  const cpus = limits?.cpus ?? definition.cpus;
  const memory = limits?.memory ?? definition.mem_limit;
  const pids = limits?.pids ?? definition.pids_limit;
  return {
    ...(cpus === undefined ? {} : { cpus: Number(cpus) }),
    ...(memory === undefined ? {} : { memoryBytes: Number(memory) }),
    ...(pids === undefined ? {} : { pids }),
  };
}

const CONDITIONS: Readonly<Record<string, RestartPolicy['name']>> = {
  '': 'no',
  no: 'no',
  none: 'no',
  any: 'always',
  always: 'always',
  'on-failure': 'on-failure',
  'unless-stopped': 'unless-stopped',
};

/** `deploy.restart_policy` wins over `restart`, as in Compose. What the engine would refuse is refused here. */
function toRestart({ restart = '', deploy }: ServiceDefinition, at: At): RestartPolicy {
  const policy = deploy?.restart_policy;
  const [word = '', attempts] = policy === undefined ? restart.split(':') : [policy.condition ?? ''];
  const place = policy === undefined ? at('restart') : at('deploy', 'restart_policy', 'condition');
  const name = Object.hasOwn(CONDITIONS, word) ? CONDITIONS[word] : undefined;
  if (name === undefined || (attempts !== undefined && !/^\d{1,9}$/.test(attempts)))
    throw invalid(place, phrase('restart_policy'), verbatim(JSON.stringify(word)));
  const count = policy === undefined ? Number(attempts ?? 0) : (policy.max_attempts ?? 0);
  if (name !== 'on-failure') {
    if (policy === undefined && count > 0)
      throw invalid(place, phrase('attempts_with_on_failure'), verbatim(JSON.stringify(restart)));
    return { name };
  }
  return { name, ...(count > 0 ? { maximumRetryCount: count } : {}) };
}

const EVERY_MS: Readonly<Record<string, number>> = { daily: 86_400_000, weekly: 604_800_000 };

function toPullPolicy(policy: string | undefined): Pick<Service, 'pullPolicy' | 'pullEveryMs'> {
  if (policy === undefined) return {};
  if (policy === 'always' || policy === 'never' || policy === 'build') return { pullPolicy: policy };
  const every = policy.startsWith('every_') ? parseGoDuration(policy.slice('every_'.length)) : undefined;
  const ms = every === undefined ? EVERY_MS[policy] : Number(every) / 1_000_000;
  // Whatever else the schema lets through, "refresh" included, is "missing" to Compose.
  return ms === undefined ? { pullPolicy: 'missing' } : { pullPolicy: 'refresh', pullEveryMs: ms };
}
