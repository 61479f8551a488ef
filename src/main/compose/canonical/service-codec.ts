import { type Phrase, phrase, verbatim } from '../../../shared/errors/phrases/phrase.ts';
import type {
  AttachmentDefinition,
  BlkioDefinition,
  DependencyDefinition,
  HealthcheckDefinition,
  ServiceDefinition,
} from '../definition.ts';
import { describeFound, invalid, type Located } from '../located.ts';
import { build, develop, extraHosts, fileReferences, hook, ulimits } from './build-codec.ts';
import { type Codec, type Fields, itemsOf, listOf, mapOf, oneOf, orNull, struct } from './codec.ts';
import { deploy, gpus } from './deploy-codec.ts';
import { mount, port } from './mount-codec.ts';
import {
  amount,
  anyText,
  bytes,
  command,
  duration,
  environment,
  flag,
  flagAsSaid,
  options,
  strictFlag,
  text,
  textMap,
  textMatching,
  textOrNumber,
  textOrTexts,
  texts,
  truncated,
  truncatedAsSaid,
  wholeAsSaid,
  wholeBetween,
  wholeBytes,
  wholeOf,
} from './scalar-codecs.ts';

export const NAME = /^[a-zA-Z0-9._-]+$/;

/** Go prints these two without tags, hence the capitals. */
function perDevice<T>(key: string, read: (node: Located) => T, make: (path: string, value: T) => object) {
  return listOf<never>({
    read: (node) => {
      if (node.kind !== 'map') throw invalid(node.at, phrase('map'), describeFound(node));
      const { path = '' } =
        struct<{ readonly path?: string }>({ path: text }, { ignored: [key], strict: true }).read(node) ?? {};
      const value = node.entries.get(key);
      if (value === undefined) throw invalid(node.at, phrase('key', { key }), phrase('none'));
      // The caller names the shape of its own device.
      return make(path, read(value)) as never;
    },
  });
}
const rates = perDevice(
  'rate',
  (node) => wholeBytes.read(node) ?? '0',
  (Path, Rate) => ({ Path, Rate }),
);
const BLKIO: Fields<BlkioDefinition> = {
  weight: wholeBetween(0, 65_535),
  weight_device: perDevice('weight', wholeOf, (Path, Weight) => ({ Path, Weight })),
  device_read_bps: rates,
  device_read_iops: rates,
  device_write_bps: rates,
  device_write_iops: rates,
};

const DEPENDENCY: Fields<DependencyDefinition> = {
  condition: oneOf('service_started', 'service_healthy', 'service_completed_successfully'),
  restart: flag,
  required: { read: strictFlag.read, absent: true },
};

const HEALTHCHECK: Fields<HealthcheckDefinition> = {
  test: {
    read: (node) => {
      if (node.kind === 'scalar') return ['CMD-SHELL', anyText.read(node) ?? ''];
      const words = texts.read(node);
      if (words !== undefined && !['CMD', 'CMD-SHELL', 'NONE'].includes(words[0] ?? ''))
        throw invalid(node.at, phrase('first_word'), verbatim(JSON.stringify(words[0])));
      return words;
    },
  },
  timeout: duration,
  interval: duration,
  retries: truncatedAsSaid,
  start_period: duration,
  start_interval: duration,
  disable: flag,
};

const ATTACHMENT: Fields<AttachmentDefinition> = {
  aliases: texts,
  driver_opts: options,
  gw_priority: truncated,
  interface_name: text,
  ipv4_address: text,
  ipv6_address: text,
  link_local_ips: texts,
  mac_address: text,
  priority: truncated,
};

// The two left out are in Go's struct, but Compose's schema knows them no more.
const SERVICE: Fields<Omit<ServiceDefinition, 'dockerfile' | 'volume_driver'>> = {
  profiles: texts,
  annotations: textMap,
  attach: flagAsSaid,
  build,
  develop,
  blkio_config: struct(BLKIO, { strict: true }),
  cap_add: texts,
  cap_drop: texts,
  cgroup_parent: text,
  cgroup: oneOf('host', 'private'),
  cpu_count: wholeBetween(0, Number.MAX_SAFE_INTEGER),
  cpu_percent: wholeBetween(0, 100),
  cpu_period: truncated,
  cpu_quota: truncated,
  cpu_rt_period: truncated,
  cpu_rt_runtime: truncated,
  cpus: amount,
  cpuset: text,
  cpu_shares: truncated,
  command,
  configs: fileReferences,
  container_name: textMatching(/[a-zA-Z0-9][a-zA-Z0-9_.-]+/, phrase('name_of_two_letters')),
  credential_spec: struct<NonNullable<ServiceDefinition['credential_spec']>>({
    config: text,
    file: text,
    registry: text,
  }),
  depends_on: mapOf(struct(DEPENDENCY, { required: ['condition'] }), NAME),
  deploy,
  device_cgroup_rules: texts,
  devices: listOf(
    struct<NonNullable<ServiceDefinition['devices']>[number]>(
      { source: text, target: text, permissions: { read: text.read, absent: 'rwm' } },
      { required: ['source', 'target'] },
    ),
  ),
  dns: textOrTexts,
  dns_opt: texts,
  dns_search: textOrTexts,
  domainname: text,
  entrypoint: command,
  provider: struct<NonNullable<ServiceDefinition['provider']>>(
    {
      type: text,
      options: mapOf({
        read: (node) =>
          (node.kind === 'list' ? itemsOf(node) : [node]).map((item) => anyText.read(item) ?? ''),
      }),
    },
    { required: ['type'] },
  ),
  environment,
  expose: listOf(wholeOrText(phrase('port'))),
  external_links: texts,
  extra_hosts: extraHosts,
  group_add: listOf(wholeOrText(phrase('group'))),
  gpus,
  hostname: text,
  healthcheck: struct(HEALTHCHECK),
  image: text,
  init: flagAsSaid,
  ipc: text,
  isolation: text,
  labels: textMap,
  label_file: texts,
  links: texts,
  logging: struct<NonNullable<ServiceDefinition['logging']>>({
    driver: text,
    options: mapOf({
      read: (node) => (node.kind === 'scalar' && node.value === null ? '' : textOrNumber.read(node)),
    }),
  }),
  mem_limit: bytes,
  mem_reservation: wholeBytes,
  memswap_limit: bytes,
  mem_swappiness: wholeBytes,
  mac_address: text,
  models: mapOf(
    orNull(
      struct<{ readonly endpoint_var?: string; readonly model_var?: string }>({
        endpoint_var: text,
        model_var: text,
      }),
    ),
    NAME,
  ),
  network_mode: text,
  networks: mapOf(orNull(struct(ATTACHMENT)), NAME),
  oom_kill_disable: flag,
  oom_score_adj: wholeBetween(-1000, 1000),
  pid: text,
  pids_limit: truncated,
  platform: text,
  ports: listOf(port),
  privileged: flag,
  pull_policy: textMatching(
    /always|never|build|if_not_present|missing|refresh|daily|weekly|every_([0-9]+[wdhms])+/,
    phrase('pull_policy'),
  ),
  read_only: flag,
  restart: text,
  runtime: text,
  scale: wholeAsSaid,
  secrets: fileReferences,
  security_opt: texts,
  shm_size: bytes,
  stdin_open: flag,
  stop_grace_period: duration,
  stop_signal: text,
  storage_opt: textMap,
  sysctls: textMap,
  tmpfs: textOrTexts,
  tty: flag,
  ulimits,
  use_api_socket: { read: (node) => strictFlag.read(node) || undefined },
  user: text,
  userns_mode: text,
  uts: text,
  volumes: listOf(mount),
  volumes_from: texts,
  working_dir: text,
  post_start: listOf(hook),
  pre_stop: listOf(hook),
};

/** Keys that loading has used up, or that Compose reads and forgets. */
const USED_UP = ['env_file', 'extends', 'pull_refresh_after'];
export const service: Codec<ServiceDefinition> = struct(SERVICE, { ignored: USED_UP });
/** All that a service of a file may have, besides `x-`. */
export const SERVICE_KEYS: readonly string[] = [...Object.keys(SERVICE), ...USED_UP];

function wholeOrText(expected: Phrase): Codec<string> {
  return {
    read: (node) => {
      if (node.kind === 'scalar' && typeof node.value === 'number' && !Number.isInteger(node.value))
        throw invalid(node.at, expected, describeFound(node));
      return textOrNumber.read(node);
    },
  };
}
