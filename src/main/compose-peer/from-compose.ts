import { z } from 'zod';
import type { Project, Service } from '../compose/project.ts';
import { parseByteSize, parseDuration } from '../compose/quantities.ts';

const texts = z.array(z.string());
const textMap = z.record(z.string(), z.string().nullable());
const port = z.looseObject({
  host_ip: z.string().optional(),
  target: z.number(),
  published: z.string().optional(),
  protocol: z.enum(['tcp', 'udp']),
});
const mount = z.looseObject({
  type: z.enum(['bind', 'volume', 'tmpfs']),
  source: z.string().optional(),
  target: z.string(),
  read_only: z.boolean().optional(),
  tmpfs: z.looseObject({ size: z.union([z.string(), z.number()]).optional() }).optional(),
});
const serviceSchema = z.looseObject({
  image: z.string().optional(),
  build: z
    .looseObject({
      context: z.string(),
      dockerfile: z.string(),
      args: textMap.optional(),
      target: z.string().optional(),
      labels: textMap.optional(),
    })
    .optional(),
  container_name: z.string().optional(),
  command: texts.nullable(),
  entrypoint: texts.nullable(),
  environment: textMap.optional(),
  ports: z.array(port).optional(),
  expose: texts.optional(),
  volumes: z.array(mount).optional(),
  networks: z
    .record(
      z.string(),
      z.looseObject({ aliases: texts.optional(), ipv4_address: z.string().optional() }).nullable(),
    )
    .optional(),
  depends_on: z
    .record(
      z.string(),
      z.looseObject({ condition: z.string(), restart: z.boolean().optional(), required: z.boolean() }),
    )
    .optional(),
  healthcheck: z
    .looseObject({
      disable: z.boolean().optional(),
      test: texts.optional(),
      interval: z.string().optional(),
      timeout: z.string().optional(),
      start_period: z.string().optional(),
      start_interval: z.string().optional(),
      retries: z.number().optional(),
    })
    .optional(),
  cpus: z.number().optional(),
  mem_limit: z.string().optional(),
  pids_limit: z.number().optional(),
  deploy: z
    .looseObject({
      resources: z
        .looseObject({
          limits: z
            .looseObject({
              cpus: z.number().optional(),
              memory: z.string().optional(),
              pids: z.number().optional(),
            })
            .optional(),
        })
        .optional(),
    })
    .optional(),
  user: z.string().optional(),
  working_dir: z.string().optional(),
  read_only: z.boolean().optional(),
  tmpfs: texts.optional(),
  cap_add: texts.optional(),
  cap_drop: texts.optional(),
  security_opt: texts.optional(),
  init: z.boolean().optional(),
  restart: z.string().optional(),
  stop_signal: z.string().optional(),
  stop_grace_period: z.string().optional(),
  extra_hosts: texts.optional(),
  logging: z.looseObject({ driver: z.string().optional(), options: textMap.optional() }).optional(),
  labels: textMap.optional(),
  profiles: texts.optional(),
  pull_policy: z.string().optional(),
});
const projectSchema = z.looseObject({
  name: z.string(),
  services: z.record(z.string(), serviceSchema),
  networks: z
    .record(
      z.string(),
      z.looseObject({
        name: z.string(),
        external: z.boolean().optional(),
        driver: z.string().optional(),
        internal: z.boolean().optional(),
        ipam: z
          .looseObject({
            config: z
              .array(z.looseObject({ subnet: z.string().optional(), gateway: z.string().optional() }))
              .optional(),
          })
          .optional(),
        labels: textMap.optional(),
      }),
    )
    .optional(),
  volumes: z
    .record(
      z.string(),
      z.looseObject({
        name: z.string(),
        external: z.boolean().optional(),
        driver: z.string().optional(),
        driver_opts: textMap.optional(),
        labels: textMap.optional(),
      }),
    )
    .optional(),
});

/** For tests only: what `docker compose config --format json` prints, in the words of our own {@link Project}. */
export function fromCompose(printed: unknown): Pick<Project, 'name' | 'services' | 'networks' | 'volumes'> {
  // It doubles dollar signs, so that its output could be read again.
  const text = JSON.stringify(printed).replaceAll('$$', '$');
  const { name, networks = {}, services, volumes = {} } = projectSchema.parse(JSON.parse(text));
  return {
    name,
    services: mapValues(services, toService),
    networks: mapValues(networks, (network, key) => ({
      key,
      name: network.name,
      external: network.external ?? false,
      ...optional('driver', network.driver),
      internal: network.internal ?? false,
      ipam: network.ipam?.config?.map((entry) => ({ ...entry })) ?? [],
      labels: filled(network.labels),
    })) as Project['networks'],
    volumes: mapValues(volumes, (volume, key) => ({
      key,
      name: volume.name,
      external: volume.external ?? false,
      ...optional('driver', volume.driver),
      driverOpts: filled(volume.driver_opts),
      labels: filled(volume.labels),
    })),
  };
}

function toService(from: z.output<typeof serviceSchema>, name: string): Service {
  const limits = from.deploy?.resources?.limits;
  return {
    name,
    ...optional('image', from.image),
    ...optional('build', from.build && toBuild(from.build)),
    ...optional('containerName', from.container_name),
    ...optional('command', from.command ?? undefined),
    ...optional('entrypoint', from.entrypoint ?? undefined),
    environment: filled(from.environment),
    ports: (from.ports ?? []).map(({ host_ip: hostIp = '', protocol, published, target }) => ({
      hostIp,
      ...optional('published', published === undefined ? undefined : Number(published)),
      target,
      protocol,
    })),
    expose: from.expose ?? [],
    volumes: (from.volumes ?? []).map(toMount),
    networks: mapValues(from.networks ?? {}, (network) => ({
      aliases: network?.aliases ?? [],
      ...optional('ipv4Address', network?.ipv4_address),
    })),
    dependsOn: mapValues(from.depends_on ?? {}, ({ condition, required, restart = false }) => ({
      condition,
      restart,
      required,
    })) as Service['dependsOn'],
    ...optional('healthcheck', from.healthcheck && toHealthcheck(from.healthcheck)),
    resources: {
      ...optional('cpus', limits?.cpus ?? from.cpus),
      ...optional('memoryBytes', parseByteSize(limits?.memory ?? from.mem_limit ?? '')),
      ...optional('pids', limits?.pids ?? from.pids_limit),
    },
    ...optional('user', from.user),
    ...optional('workingDir', from.working_dir),
    readOnly: from.read_only ?? false,
    tmpfs: from.tmpfs ?? [],
    capAdd: from.cap_add ?? [],
    capDrop: from.cap_drop ?? [],
    securityOpt: from.security_opt ?? [],
    ...optional('init', from.init),
    restart: toRestart(from.restart ?? 'no'),
    ...optional('stopSignal', from.stop_signal),
    ...optional('stopGracePeriodMs', duration(from.stop_grace_period)),
    extraHosts: (from.extra_hosts ?? []).map((entry) => entry.replace('=', ':')),
    ...optional(
      'logging',
      from.logging && { ...optional('driver', from.logging.driver), options: filled(from.logging.options) },
    ),
    labels: filled(from.labels),
    profiles: from.profiles ?? [],
    ...optional('pullPolicy', from.pull_policy as Service['pullPolicy']),
    skilldeck: { role: 'other' },
  };
}

function toBuild(from: NonNullable<z.output<typeof serviceSchema>['build']>): NonNullable<Service['build']> {
  const { args, context, dockerfile, labels, target } = from;
  return { context, dockerfile, args: filled(args), ...optional('target', target), labels: filled(labels) };
}

function toMount(from: z.output<typeof mount>): Service['volumes'][number] {
  const { read_only: readOnly = false, source, target, type } = from;
  if (type === 'tmpfs')
    return { kind: type, target, ...optional('sizeBytes', parseByteSize(String(from.tmpfs?.size ?? ''))) };
  if (type === 'bind') return { kind: type, source: source ?? '', target, readOnly };
  return { kind: type, ...optional('source', source), target, readOnly };
}

function toHealthcheck(
  from: NonNullable<z.output<typeof serviceSchema>['healthcheck']>,
): NonNullable<Service['healthcheck']> {
  return {
    disabled: from.disable ?? from.test?.[0] === 'NONE',
    ...optional('test', from.test),
    ...optional('intervalMs', duration(from.interval)),
    ...optional('timeoutMs', duration(from.timeout)),
    ...optional('startPeriodMs', duration(from.start_period)),
    ...optional('startIntervalMs', duration(from.start_interval)),
    ...optional('retries', from.retries),
  };
}

function toRestart(text: string): Service['restart'] {
  const [name, count] = text.split(':');
  return {
    name: name as Service['restart']['name'],
    ...optional('maximumRetryCount', count === undefined ? undefined : Number(count)),
  };
}

function duration(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDuration(text);
}

/** Without the variables that have no value: they are not passed on. */
function filled(map: Readonly<Record<string, string | null>> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(map).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
  );
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [key in K]?: V });
}

function mapValues<A, B>(
  from: Readonly<Record<string, A>>,
  to: (value: A, key: string) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(from).map(([key, value]) => [key, to(value, key)]));
}
