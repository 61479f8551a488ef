import type { ServiceDefinition } from '../../compose/definition.ts';
import type { Healthcheck, Project, Service } from '../../compose/project.ts';
import { imageReference } from '../../plan/container-name.ts';
import { containerLabels, LABEL } from '../../plan/labels.ts';
import { compareApiVersions } from './api-version.ts';
import { type InheritedVolume, mountedVolumes } from './container-mounts.ts';
import { containerNetworking, type EndpointConfig } from './container-networking.ts';
import { exposedPorts, portBindings } from './container-ports.ts';
import { containerResources } from './container-resources.ts';
import { restartPolicy } from './container-restart.ts';
import type { SecurityOptions } from './container-security.ts';
import { defined } from './defined.ts';

export interface ContainerSpecInput {
  readonly project: Project;
  readonly service: Service;
  readonly number: number;
  readonly imageId: string;
  readonly apiVersion: string;
  /** The service's with references to other services resolved; see resolved-definition.ts. */
  readonly definition?: ServiceDefinition;
  /** As the API takes them, containers instead of services. */
  readonly volumesFrom?: readonly string[];
  /** `container:alias` */
  readonly links?: readonly string[];
  readonly security?: SecurityOptions;
  /** Anonymous volumes of the container that this one replaces: their data goes on. */
  readonly inherited?: readonly InheritedVolume[];
  /** Name of the container that this one replaces, for Compose's label. */
  readonly replaces?: string;
  /** Variables that the Docker CLI's configuration adds where the service has none. */
  readonly proxyEnvironment?: Readonly<Record<string, string>>;
  readonly oneOff?: OneOff;
}

/** A container of `run`: not one of the service's instances. */
export interface OneOff {
  readonly name: string;
  readonly slug: string;
  readonly attachStdin: boolean;
  readonly autoRemove: boolean;
}

export interface ContainerSpec {
  readonly body: Readonly<Record<string, unknown>>;
  /** `os/architecture[/variant]`, for the query of the create call. */
  readonly platform?: string;
  /** Networks to connect after the create call, by engine name: engines before API 1.44 take only one in it. */
  readonly connectAfter: Readonly<Record<string, EndpointConfig>>;
  /** Settings that this engine is too old for and that only tune; left out. */
  readonly warnings: readonly string[];
}

/** Compose's, on a container that took another's place and on one-offs. */
const REPLACE_LABEL = 'com.docker.compose.replace';
const SLUG_LABEL = 'com.docker.compose.slug';
const NANOS_PER_MS = 1_000_000;
const START_INTERVAL = '1.44';

/**
 * A service as the body of `POST /containers/create`, field by field what Compose 2.40 sends.
 * Source: `getCreateConfigs` of docker/compose `pkg/compose/create.go`.
 */
export function containerSpec(input: ContainerSpecInput): ContainerSpec {
  const { project, service, oneOff } = input;
  const definition = input.definition ?? service.definition;
  const networking = containerNetworking(input, definition);
  const warnings = [...networking.warnings];
  if (
    service.healthcheck?.startIntervalMs !== undefined &&
    compareApiVersions(input.apiVersion, START_INTERVAL) < 0
  )
    warnings.push('healthcheck.start_interval needs Docker Engine 25 or newer; it is left out.');
  const body = defined({
    Image: imageReference(project, service),
    Hostname: definition.hostname,
    Domainname: definition.domainname,
    User: definition.user,
    Cmd: definition.command ?? undefined,
    Entrypoint: definition.entrypoint ?? undefined,
    Env: environment(definition, input.proxyEnvironment),
    WorkingDir: definition.working_dir,
    Tty: definition.tty,
    OpenStdin: definition.stdin_open,
    AttachStdin: oneOff?.attachStdin,
    StdinOnce: oneOff?.attachStdin && definition.stdin_open,
    AttachStdout: true,
    AttachStderr: true,
    Labels: labels(input, definition),
    ExposedPorts: exposedPorts(definition),
    Healthcheck: service.healthcheck && healthcheck(service.healthcheck),
    StopSignal: definition.stop_signal,
    // Compose cuts fractions of a second off; a grace period must not end before it was asked to.
    StopTimeout:
      service.stopGracePeriodMs === undefined ? undefined : Math.ceil(service.stopGracePeriodMs / 1000),
    MacAddress: networking.macAddress,
    HostConfig: { ...hostConfig(input, definition), ...networking.hostConfig },
    NetworkingConfig: networking.config,
  });
  const platform = definition.platform ?? project.variables?.DOCKER_DEFAULT_PLATFORM;
  return { body, ...(platform ? { platform } : {}), connectAfter: networking.connectAfter, warnings };
}

function hostConfig(input: ContainerSpecInput, definition: ServiceDefinition) {
  const { security, oneOff } = input;
  const { binds, mounts } = mountedVolumes(input, definition);
  const { logging, tmpfs = [] } = definition;
  return defined({
    AutoRemove: oneOff?.autoRemove,
    Annotations: definition.annotations,
    Binds: nonEmpty(binds),
    Mounts: nonEmpty(mounts),
    Tmpfs: tmpfs.length === 0 ? undefined : Object.fromEntries(tmpfs.map(tmpfsEntry)),
    VolumesFrom: input.volumesFrom && nonEmpty(input.volumesFrom),
    VolumeDriver: definition.volume_driver,
    PortBindings: portBindings(definition),
    RestartPolicy: restartPolicy(definition),
    CapAdd: definition.cap_add?.map(capability),
    CapDrop: definition.cap_drop?.map(capability),
    SecurityOpt: security?.options,
    ...(security?.isUnconfined ? { MaskedPaths: [], ReadonlyPaths: [] } : {}),
    Privileged: definition.privileged,
    ReadonlyRootfs: definition.read_only,
    UsernsMode: definition.userns_mode,
    GroupAdd: definition.group_add,
    Init: definition.init,
    IpcMode: definition.ipc,
    PidMode: definition.pid,
    UTSMode: definition.uts,
    CgroupnsMode: definition.cgroup,
    Isolation: definition.isolation,
    Runtime: definition.runtime,
    ShmSize: definition.shm_size === undefined ? undefined : Number(definition.shm_size),
    Sysctls: definition.sysctls,
    StorageOpt: definition.storage_opt,
    Dns: definition.dns,
    DnsSearch: definition.dns_search,
    DnsOptions: definition.dns_opt,
    ExtraHosts: definition.extra_hosts?.map((entry) => entry.replace('=', ':')),
    LogConfig: logging && { Type: logging.driver ?? '', Config: logging.options ?? {} },
    OomScoreAdj: definition.oom_score_adj,
    ...containerResources(definition),
  });
}

function labels(input: ContainerSpecInput, definition: ServiceDefinition) {
  const { project, service, number, imageId, replaces, oneOff } = input;
  const own = containerLabels(project, service, number, imageId, definition);
  if (oneOff === undefined) return replaces === undefined ? own : { ...own, [REPLACE_LABEL]: replaces };
  const { [LABEL.number]: _number, ...rest } = own;
  return { ...rest, [LABEL.oneoff]: 'True', [SLUG_LABEL]: oneOff.slug };
}

/** A name without a value takes the variable of the image away. */
function environment(
  definition: ServiceDefinition,
  proxies: Readonly<Record<string, string>> = {},
): readonly string[] {
  return Object.entries({ ...proxies, ...definition.environment }).map(([name, value]) =>
    value === null ? name : `${name}=${value}`,
  );
}

/** As the Docker CLI spells it: `CAP_NET_ADMIN`, but `ALL`. */
function capability(name: string): string {
  const upper = name.trim().toUpperCase();
  return upper === 'ALL' || upper.startsWith('CAP_') ? upper : `CAP_${upper}`;
}

/** `/run` or `/run:size=64m,mode=1777`. */
function tmpfsEntry(entry: string): readonly [string, string] {
  const colon = entry.indexOf(':');
  return colon === -1 ? [entry, ''] : [entry.slice(0, colon), entry.slice(colon + 1)];
}

/** The API counts in nanoseconds; 0 or absent means the image's or the engine's own value. */
function healthcheck(check: Healthcheck) {
  if (check.disabled) return { Test: ['NONE'] };
  const nanos = (ms: number | undefined) => (ms === undefined ? undefined : Math.round(ms * NANOS_PER_MS));
  return defined({
    Test: check.test,
    Interval: nanos(check.intervalMs),
    Timeout: nanos(check.timeoutMs),
    StartPeriod: nanos(check.startPeriodMs),
    StartInterval: nanos(check.startIntervalMs),
    Retries: check.retries,
  });
}

function nonEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}
