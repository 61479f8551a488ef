import type { DeviceRequest, ResourceDefinition, ServiceDefinition } from '../../compose/definition.ts';
import { defined } from './defined.ts';

/** What a container may use: Compose's `getDeployResources`, where `deploy.resources` wins over the service's own keys. */
export function containerResources(definition: ServiceDefinition): Readonly<Record<string, unknown>> {
  const { deploy, ulimits } = definition;
  const { limits, reservations } = deploy?.resources ?? {};
  return defined({
    CgroupParent: definition.cgroup_parent,
    Memory: bytes(limits?.memory) ?? bytes(definition.mem_limit),
    MemorySwap: bytes(definition.memswap_limit),
    MemorySwappiness: bytes(definition.mem_swappiness),
    MemoryReservation: bytes(reservations?.memory) ?? bytes(definition.mem_reservation),
    OomKillDisable: definition.oom_kill_disable ?? false,
    CpuCount: definition.cpu_count,
    CpuPercent: definition.cpu_percent === undefined ? undefined : scaled(definition.cpu_percent, 100),
    CpuPeriod: definition.cpu_period,
    CpuQuota: definition.cpu_quota,
    CpuRealtimePeriod: definition.cpu_rt_period,
    CpuRealtimeRuntime: definition.cpu_rt_runtime,
    CpuShares: definition.cpu_shares,
    CpusetCpus: definition.cpuset,
    NanoCpus: nanoCpus(limits?.cpus) ?? nanoCpus(definition.cpus),
    PidsLimit: positive(limits?.pids) ?? (definition.pids_limit || undefined),
    ...blockIo(definition.blkio_config),
    ...devices(definition, reservations),
    DeviceCgroupRules: definition.device_cgroup_rules,
    Ulimits: ulimits && Object.entries(ulimits).map(([name, limit]) => ulimit(name, limit)),
  });
}

function blockIo(config: ServiceDefinition['blkio_config']) {
  if (config === undefined) return {};
  const rates = (list: typeof config.device_read_bps) =>
    list?.map(({ Path, Rate }) => ({ Path, Rate: Number(Rate) }));
  return {
    BlkioWeight: config.weight,
    BlkioWeightDevice: config.weight_device,
    BlkioDeviceReadBps: rates(config.device_read_bps),
    BlkioDeviceReadIOps: rates(config.device_read_iops),
    BlkioDeviceWriteBps: rates(config.device_write_bps),
    BlkioDeviceWriteIOps: rates(config.device_write_iops),
  };
}

/** A device is a path, or the qualified name of the Container Device Interface, e.g. `vendor.com/class=name`. */
function devices(
  { devices = [], gpus = [] }: ServiceDefinition,
  reservations: ResourceDefinition | undefined,
) {
  const isNamed = ({ source, target }: (typeof devices)[number]) =>
    source === target && /^[a-z0-9][\w.-]*\/[a-z0-9][\w-]*=[\w.:-]+$/i.test(source);
  const named = devices.filter(isNamed).map(({ source }) => source);
  const paths = devices.filter((device) => !isNamed(device));
  const requests = [
    ...(reservations?.devices ?? []).map((request) => deviceRequest(request, request.capabilities ?? [])),
    ...(named.length === 0 ? [] : [{ Driver: 'cdi', DeviceIDs: named }]),
    ...gpus.map((gpu) => deviceRequest(gpu, [...(gpu.capabilities ?? []), 'gpu'])),
  ];
  return {
    Devices:
      paths.length === 0
        ? undefined
        : paths.map(({ source, target, permissions }) => ({
            PathOnHost: source,
            PathInContainer: target,
            CgroupPermissions: permissions,
          })),
    DeviceRequests: requests.length === 0 ? undefined : requests,
  };
}

function deviceRequest(request: DeviceRequest, capabilities: readonly string[]) {
  return defined({
    Driver: request.driver,
    Count: request.count,
    DeviceIDs: request.device_ids,
    Capabilities: [capabilities],
    Options: request.options,
  });
}

function ulimit(name: string, limit: number | { readonly soft?: number; readonly hard?: number }) {
  return typeof limit === 'number'
    ? { Name: name, Soft: limit, Hard: limit }
    : { Name: name, Soft: limit.soft ?? 0, Hard: limit.hard ?? 0 };
}

function nanoCpus(cpus: number | string | undefined): number | undefined {
  return positive(cpus === undefined ? undefined : scaled(Number(cpus), 1e9));
}

/** In single precision, as Compose reckons: 0.3 CPUs are 300000000 and not 300000011. */
function scaled(value: number, factor: number): number {
  return Math.trunc(Math.fround(Math.fround(value) * factor));
}

/** Nothing and zero mean the same to Compose: no limit of its own. */
function bytes(size: string | undefined): number | undefined {
  return size === undefined || Number(size) === 0 ? undefined : Number(size);
}

function positive(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 ? value : undefined;
}
