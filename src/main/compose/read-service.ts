import { resolveHostPath } from './host-path.ts';
import { type Variables, variable } from './interpolate.ts';
import { invalid, type Located } from './located.ts';
import type { Build, Dependency, Healthcheck, NetworkAttachment, RestartPolicy, Service } from './project.ts';
import { readExtension } from './read-extension.ts';
import { readLimits } from './read-limits.ts';
import { type PathContext, readMounts } from './read-mounts.ts';
import { readPorts } from './read-ports.ts';
import {
  asDuration,
  asFlag,
  asMap,
  asNamedTexts,
  asText,
  asTextOrTexts,
  asTexts,
  asWhole,
  asWords,
  MapReader,
  oneOf,
} from './read-values.ts';

export interface ServiceContext extends PathContext {
  readonly env: Variables;
}

const KEYS = [
  'image',
  'build',
  'container_name',
  'command',
  'entrypoint',
  'environment',
  'ports',
  'expose',
  'volumes',
  'networks',
  'depends_on',
  'healthcheck',
  'deploy',
  'cpus',
  'mem_limit',
  'pids_limit',
  'user',
  'working_dir',
  'read_only',
  'tmpfs',
  'cap_add',
  'cap_drop',
  'security_opt',
  'init',
  'restart',
  'stop_signal',
  'stop_grace_period',
  'extra_hosts',
  'logging',
  'labels',
  'profiles',
  'pull_policy',
] as const;

export function readService(name: string, node: Located, context: ServiceContext): Service {
  const map = new MapReader(node, KEYS);
  if (map.get('image') === undefined && map.get('build') === undefined)
    throw invalid(node.at, 'image or build', 'neither');
  return {
    name,
    replicas: 1,
    definition: {
      command: map.or<readonly string[] | null>('command', null, asWords),
      entrypoint: map.or<readonly string[] | null>('entrypoint', null, asWords),
      ...map.optional('expose', 'expose', asTexts),
      ...map.optional('user', 'user', asText),
      ...map.optional('working_dir', 'working_dir', asText),
      ...map.optional('read_only', 'read_only', asFlag),
      ...map.optional('tmpfs', 'tmpfs', asTextOrTexts),
      ...map.optional('cap_add', 'cap_add', asTexts),
      ...map.optional('cap_drop', 'cap_drop', asTexts),
      ...map.optional('security_opt', 'security_opt', asTexts),
      ...map.optional('init', 'init', asFlag),
      ...map.optional('stop_signal', 'stop_signal', asText),
      ...map.optional('extra_hosts', 'extra_hosts', readExtraHosts),
      ...map.optional('logging', 'logging', readLogging),
    },
    ...map.optional('image', 'image', asText),
    ...map.optional('build', 'build', (value) => readBuild(value, context)),
    ...map.optional('containerName', 'container_name', asText),
    environment: map.or('environment', {}, (value) =>
      asNamedTexts(value, (key) => variable(context.env, key)),
    ),
    ports: map.or('ports', [], readPorts),
    volumes: map.or('volumes', [], (value) => readMounts(value, context)),
    networks: map.or('networks', { default: { aliases: [] } }, readAttachments),
    dependsOn: map.or('depends_on', {}, readDependencies),
    ...map.optional('healthcheck', 'healthcheck', readHealthcheck),
    resources: readLimits(map),
    restart: map.or('restart', { name: 'no' }, readRestart),
    ...map.optional('stopGracePeriodMs', 'stop_grace_period', asDuration),
    labels: map.or('labels', {}, asNamedTexts),
    profiles: map.or('profiles', [], asTexts),
    ...map.optional('pullPolicy', 'pull_policy', readPullPolicy),
    skilldeck: readExtension(map.get('x-skilldeck')),
  };
}

function readBuild(node: Located, context: ServiceContext): Build {
  const map = new MapReader(node, ['context', 'dockerfile', 'args', 'target', 'labels']);
  return {
    context: resolveHostPath(context.workingDir, map.or('context', '.', asText), context.home),
    dockerfile: map.or('dockerfile', 'Dockerfile', asText),
    args: map.or('args', {}, (value) => asNamedTexts(value, (key) => variable(context.env, key))),
    ...map.optional('target', 'target', asText),
    labels: map.or('labels', {}, asNamedTexts),
  };
}

function readAttachments(node: Located): Readonly<Record<string, NetworkAttachment>> {
  const entries = [...asMap(node, 'networks').entries].map(([key, value]): [string, NetworkAttachment] => {
    const map = new MapReader(value, ['aliases', 'ipv4_address']);
    return [
      key,
      { aliases: map.or('aliases', [], asTexts), ...map.optional('ipv4Address', 'ipv4_address', asText) },
    ];
  });
  return Object.fromEntries(entries);
}

function readDependencies(node: Located): Readonly<Record<string, Dependency>> {
  const entries = [...asMap(node, 'services').entries].map(([name, value]): [string, Dependency] => {
    const map = new MapReader(value, ['condition', 'restart', 'required']);
    const condition = map.or('condition', 'service_started' as const, (text) =>
      oneOf(text, ['service_started', 'service_healthy', 'service_completed_successfully'] as const),
    );
    const required = map.or('required', true, asFlag);
    return [name, { condition, restart: map.or('restart', false, asFlag), required }];
  });
  return Object.fromEntries(entries);
}

function readHealthcheck(node: Located): Healthcheck {
  const map = new MapReader(node, [
    'test',
    'interval',
    'timeout',
    'start_period',
    'start_interval',
    'retries',
    'disable',
  ]);
  const test = map.optional('test', 'test', readTest);
  return {
    disabled: map.or('disable', false, asFlag) || test.test?.[0] === 'NONE',
    ...test,
    ...map.optional('intervalMs', 'interval', asDuration),
    ...map.optional('timeoutMs', 'timeout', asDuration),
    ...map.optional('startPeriodMs', 'start_period', asDuration),
    ...map.optional('startIntervalMs', 'start_interval', asDuration),
    ...map.optional('retries', 'retries', asWhole),
  };
}

function readTest(node: Located): readonly string[] {
  if (node.kind === 'scalar') return ['CMD-SHELL', asText(node)];
  const words = asTexts(node);
  if (!['CMD', 'CMD-SHELL', 'NONE'].includes(words[0] ?? ''))
    throw invalid(node.at, 'CMD, CMD-SHELL or NONE as first word', words[0] ?? 'an empty list');
  return words;
}

function readRestart(node: Located): RestartPolicy {
  const match = /^(no|always|on-failure|unless-stopped)(?::(\d{1,6}))?$/.exec(
    node.kind === 'scalar' && node.value === false ? 'no' : asText(node),
  );
  if (match === null || (match[2] !== undefined && match[1] !== 'on-failure'))
    throw invalid(node.at, 'no, always, on-failure[:n] or unless-stopped', asText(node));
  // The expression above allows nothing else.
  const name = match[1] as RestartPolicy['name'];
  return { name, ...(match[2] === undefined ? {} : { maximumRetryCount: Number(match[2]) }) };
}

/** The list form is `host:ip` or `host=ip`, the map form `host: ip`; canonical is `host=ip`. */
function readExtraHosts(node: Located): readonly string[] {
  if (node.kind === 'map')
    return Object.entries(asNamedTexts(node)).map(([host, address]) => `${host}=${address}`);
  return asTexts(node).map((entry) => entry.replace(/^([^:=]+):/, '$1='));
}

function readLogging(node: Located): NonNullable<Service['definition']['logging']> {
  const map = new MapReader(node, ['driver', 'options']);
  return { ...map.optional('driver', 'driver', asText), options: map.or('options', {}, asNamedTexts) };
}

function readPullPolicy(node: Located): NonNullable<Service['pullPolicy']> {
  const policy = oneOf(node, ['always', 'missing', 'if_not_present', 'never', 'build'] as const);
  return policy === 'if_not_present' ? 'missing' : policy;
}
