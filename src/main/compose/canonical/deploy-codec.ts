import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import type { DeployDefinition, DeviceRequest, ResourceDefinition, UpdateDefinition } from '../definition.ts';
import { describeFound, invalid } from '../located.ts';
import { type Codec, type Fields, listOf, oneOf, scalarOf, struct } from './codec.ts';
import {
  amount,
  bytesText,
  duration,
  text,
  textMap,
  texts,
  truncated,
  whole,
  wholeAsSaid,
  wholeOf,
} from './scalar-codecs.ts';

/** Zero is left out. */
const plainDuration: Codec<string> = {
  read: (node) => {
    const value = duration.read(node);
    return value === '0s' ? undefined : value;
  },
};

const count: Codec<number> = {
  read: (node) => {
    if (scalarOf(node, phrase('count_or_all')).value === 'all') return -1;
    return wholeOf(node, phrase('count_or_all')) || undefined;
  },
};

const DEVICE_REQUEST: Fields<DeviceRequest> = {
  capabilities: texts,
  driver: text,
  count,
  device_ids: texts,
  options: textMap,
};

function deviceRequest(required: readonly string[]): Codec<DeviceRequest> {
  const { read } = struct(DEVICE_REQUEST, { required });
  return {
    read: (node) => {
      const isSaid = (key: string) => node.kind === 'map' && node.entries.has(key);
      if (isSaid('count') && isSaid('device_ids'))
        throw invalid(node.at, phrase('either_or', { one: 'count', other: 'device_ids' }), phrase('both'));
      const request = read(node);
      if (request === undefined || isSaid('count') || isSaid('device_ids')) return request;
      const { capabilities, driver, ...rest } = request;
      return {
        ...(capabilities === undefined ? {} : { capabilities }),
        ...(driver === undefined ? {} : { driver }),
        count: -1,
        ...rest,
      };
    },
  };
}

export const gpus: Codec<readonly DeviceRequest[]> = {
  read: (node) => {
    if (node.kind !== 'scalar') return listOf(deviceRequest([])).read(node);
    if (node.value !== 'all') throw invalid(node.at, phrase('devices_or_all'), describeFound(node));
    return [{ count: -1 }];
  },
};

const UPDATE: Fields<UpdateDefinition> = {
  parallelism: wholeAsSaid,
  delay: plainDuration,
  failure_action: text,
  monitor: plainDuration,
  max_failure_ratio: amount,
  order: oneOf('start-first', 'stop-first'),
};

const LIMITS: Fields<Pick<ResourceDefinition, 'cpus' | 'memory' | 'pids'>> = {
  cpus: amount,
  memory: bytesText,
  pids: whole,
};

const RESERVATIONS: Fields<Omit<ResourceDefinition, 'pids'>> = {
  cpus: amount,
  memory: bytesText,
  devices: listOf(deviceRequest(['capabilities'])),
  generic_resources: listOf(
    struct<NonNullable<ResourceDefinition['generic_resources']>[number]>({
      discrete_resource_spec: struct<{ readonly kind: string; readonly value: number }>({
        kind: { read: text.read, absent: '' },
        value: { read: truncated.read, absent: 0 },
      }),
    }),
  ),
};

const DEPLOY: Fields<DeployDefinition> = {
  mode: text,
  replicas: wholeAsSaid,
  labels: textMap,
  update_config: struct(UPDATE),
  rollback_config: struct(UPDATE),
  resources: struct<DeployDefinition['resources']>(
    { limits: struct(LIMITS), reservations: struct(RESERVATIONS) },
    { absent: {} },
  ),
  restart_policy: struct<NonNullable<DeployDefinition['restart_policy']>>({
    condition: text,
    delay: duration,
    max_attempts: wholeAsSaid,
    window: duration,
  }),
  placement: struct<DeployDefinition['placement']>(
    {
      constraints: texts,
      preferences: listOf(struct<{ readonly spread?: string }>({ spread: text })),
      max_replicas_per_node: whole,
    },
    { absent: {} },
  ),
  endpoint_mode: text,
};
export const deploy = struct(DEPLOY, { nullable: true });
