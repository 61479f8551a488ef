import type { Healthcheck, Mount, NetworkAttachment, Project, Service } from '../../compose/project.ts';
import { imageReference } from '../../plan/container-name.ts';
import { containerLabels } from '../../plan/labels.ts';
import { compareApiVersions, MULTI_NETWORK_CREATE } from './api-version.ts';

export interface ContainerSpecInput {
  readonly project: Project;
  readonly service: Service;
  readonly number: number;
  readonly imageId: string;
  readonly apiVersion: string;
  /** Anonymous volumes of the container that this one replaces, by target: their data goes on. */
  readonly inheritedVolumes?: Readonly<Record<string, string>>;
}

export interface EndpointConfig {
  readonly Aliases: readonly string[];
  readonly IPAMConfig?: { readonly IPv4Address: string };
}

export interface ContainerSpec {
  readonly body: Readonly<Record<string, unknown>>;
  /** Networks to connect after the create call, by engine name: engines before API 1.44 take only one in it. */
  readonly connectAfter: Readonly<Record<string, EndpointConfig>>;
}

const NANOS_PER_MS = 1_000_000;
const NANOS_PER_CPU = 1_000_000_000;

/** A service as the body of `POST /containers/create`. */
export function containerSpec(input: ContainerSpecInput): ContainerSpec {
  const { project, service, number, imageId } = input;
  const { definition } = service;
  const { inCreate, after, primary } = endpoints(input);
  const body = defined({
    Image: imageReference(project, service),
    Cmd: definition.command ?? undefined,
    Entrypoint: definition.entrypoint ?? undefined,
    Env: Object.entries(service.environment).map(([name, value]) => `${name}=${value}`),
    User: definition.user,
    WorkingDir: definition.working_dir,
    Labels: containerLabels(project, service, number, imageId),
    ExposedPorts: exposedPorts(service),
    Healthcheck: service.healthcheck && healthcheck(service.healthcheck),
    StopSignal: definition.stop_signal,
    StopTimeout:
      service.stopGracePeriodMs === undefined ? undefined : Math.ceil(service.stopGracePeriodMs / 1000),
    HostConfig: hostConfig(input, primary),
    NetworkingConfig: Object.keys(inCreate).length === 0 ? undefined : { EndpointsConfig: inCreate },
  });
  return { body, connectAfter: after };
}

function hostConfig(
  { project, service, inheritedVolumes = {} }: ContainerSpecInput,
  primary: string | undefined,
) {
  const { definition, resources } = service;
  const { tmpfs = [] } = definition;
  const inherited = Object.entries(inheritedVolumes).map(([Target, Source]) => ({
    Type: 'volume',
    Source,
    Target,
  }));
  return defined({
    NetworkMode: primary,
    PortBindings: portBindings(service),
    Mounts: [
      ...service.volumes
        .filter(
          (mount) =>
            !(mount.kind === 'volume' && mount.source === undefined && mount.target in inheritedVolumes),
        )
        .map((mount) => mountSpec(mount, project)),
      ...inherited,
    ],
    Tmpfs: tmpfs.length === 0 ? undefined : Object.fromEntries(tmpfs.map(tmpfsEntry)),
    NanoCpus: resources.cpus === undefined ? undefined : Math.round(resources.cpus * NANOS_PER_CPU),
    Memory: resources.memoryBytes,
    PidsLimit: resources.pids,
    ReadonlyRootfs: definition.read_only,
    CapAdd: definition.cap_add,
    CapDrop: definition.cap_drop,
    SecurityOpt: definition.security_opt,
    Init: definition.init,
    RestartPolicy: defined({
      Name: service.restart.name,
      MaximumRetryCount: service.restart.maximumRetryCount,
    }),
    ExtraHosts: definition.extra_hosts?.map((entry) => entry.replace('=', ':')),
    LogConfig: definition.logging && {
      Type: definition.logging.driver ?? 'json-file',
      Config: definition.logging.options ?? {},
    },
  });
}

function endpoints({ project, service, apiVersion }: ContainerSpecInput) {
  const all = Object.entries(service.networks).map(([key, attachment]) => {
    const name = project.networks[key]?.name ?? `${project.name}_${key}`;
    return [name, endpoint(service, attachment)] as const;
  });
  const primary = all[0]?.[0];
  const takesAll = compareApiVersions(apiVersion, MULTI_NETWORK_CREATE) >= 0;
  const inCreate: Readonly<Record<string, EndpointConfig>> = Object.fromEntries(
    takesAll ? all : all.slice(0, 1),
  );
  const after: Readonly<Record<string, EndpointConfig>> = Object.fromEntries(takesAll ? [] : all.slice(1));
  return { inCreate, after, primary };
}

function endpoint(service: Service, attachment: NetworkAttachment): EndpointConfig {
  return {
    Aliases: [...new Set([service.name, ...attachment.aliases])],
    ...(attachment.ipv4Address === undefined ? {} : { IPAMConfig: { IPv4Address: attachment.ipv4Address } }),
  };
}

function mountSpec(mount: Mount, project: Project) {
  switch (mount.kind) {
    case 'bind':
      return { Type: 'bind', Source: mount.source, Target: mount.target, ReadOnly: mount.readOnly };
    case 'volume':
      return defined({
        Type: 'volume',
        Source:
          mount.source === undefined ? undefined : (project.volumes[mount.source]?.name ?? mount.source),
        Target: mount.target,
        ReadOnly: mount.readOnly,
      });
    case 'tmpfs':
      return defined({
        Type: 'tmpfs',
        Target: mount.target,
        TmpfsOptions: mount.sizeBytes === undefined ? undefined : { SizeBytes: mount.sizeBytes },
      });
  }
}

/** `/run` or `/run:size=64m,mode=1777`. */
function tmpfsEntry(entry: string): readonly [string, string] {
  const colon = entry.indexOf(':');
  return colon === -1 ? [entry, ''] : [entry.slice(0, colon), entry.slice(colon + 1)];
}

function exposedPorts(service: Service): Readonly<Record<string, object>> | undefined {
  const ports = [
    ...service.ports.map(({ target, protocol }) => `${target}/${protocol}`),
    ...(service.definition.expose ?? []).map((port) => (port.includes('/') ? port : `${port}/tcp`)),
  ];
  return ports.length === 0 ? undefined : Object.fromEntries(ports.map((port) => [port, {}]));
}

function portBindings(service: Service) {
  if (service.ports.length === 0) return undefined;
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const { hostIp, published, target, protocol } of service.ports) {
    const key = `${target}/${protocol}`;
    const binding = { HostIp: hostIp, HostPort: published === undefined ? '' : String(published) };
    bindings[key] = [...(bindings[key] ?? []), binding];
  }
  return bindings;
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

function defined(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));
}
