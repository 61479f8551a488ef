/**
 * A project in Compose's canonical form: every short syntax expanded, every path absolute, every default that
 * `docker compose config` writes filled in. Keys, their order and the spelling of values are those of
 * `docker compose config --format json` (2.40), except that a dollar sign is one dollar sign.
 *
 * Sizes are decimal strings of bytes (`"1073741824"`), durations Go's (`"1m30s"`); absent and zero are left out.
 */
export interface ProjectDefinition {
  readonly name: string;
  readonly configs?: Definitions<FileObjectDefinition>;
  readonly models?: Definitions<ModelDefinition>;
  readonly networks?: Definitions<NetworkDefinition>;
  readonly secrets?: Definitions<FileObjectDefinition>;
  readonly services: Definitions<ServiceDefinition>;
  readonly volumes?: Definitions<VolumeDefinition>;
  /** `x-*` of the top level. */
  readonly [extension: `x-${string}`]: unknown;
}

export type Definitions<T> = Readonly<Record<string, T>>;
export type Texts = readonly string[];
export type TextMap = Readonly<Record<string, string>>;

export interface ServiceDefinition {
  readonly profiles?: Texts;
  readonly annotations?: TextMap;
  readonly attach?: boolean;
  readonly build?: BuildDefinition;
  readonly develop?: DevelopDefinition;
  readonly blkio_config?: BlkioDefinition;
  readonly cap_add?: Texts;
  readonly cap_drop?: Texts;
  readonly cgroup_parent?: string;
  readonly cgroup?: string;
  readonly cpu_count?: number;
  readonly cpu_percent?: number;
  readonly cpu_period?: number;
  readonly cpu_quota?: number;
  readonly cpu_rt_period?: number;
  readonly cpu_rt_runtime?: number;
  readonly cpus?: number;
  readonly cpuset?: string;
  readonly cpu_shares?: number;
  /** Null: the image's own; `[]`: none. */
  readonly command: Texts | null;
  readonly configs?: readonly FileReference[];
  readonly container_name?: string;
  readonly credential_spec?: { readonly config?: string; readonly file?: string; readonly registry?: string };
  readonly depends_on?: Definitions<DependencyDefinition>;
  readonly deploy?: DeployDefinition;
  readonly device_cgroup_rules?: Texts;
  readonly devices?: readonly {
    readonly source: string;
    readonly target: string;
    readonly permissions: string;
  }[];
  readonly dns?: Texts;
  readonly dns_opt?: Texts;
  readonly dns_search?: Texts;
  readonly dockerfile?: string;
  readonly domainname?: string;
  /** Null: the image's own; `[]`: none. */
  readonly entrypoint: Texts | null;
  readonly provider?: { readonly type?: string; readonly options?: Readonly<Record<string, Texts>> };
  /** With what `env_file` adds; null: named, but set nowhere. */
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly expose?: Texts;
  readonly external_links?: Texts;
  /** `host=address` */
  readonly extra_hosts?: Texts;
  readonly group_add?: Texts;
  readonly gpus?: readonly DeviceRequest[];
  readonly hostname?: string;
  readonly healthcheck?: HealthcheckDefinition;
  readonly image?: string;
  readonly init?: boolean;
  readonly ipc?: string;
  readonly isolation?: string;
  /** With what `label_file` adds. */
  readonly labels?: TextMap;
  /** Absolute. Read into `labels` and not printed, but hashed: as `docker compose up` does, unlike `config --hash`. */
  readonly label_file?: Texts;
  readonly links?: Texts;
  readonly logging?: { readonly driver?: string; readonly options?: TextMap };
  readonly mem_limit?: string;
  readonly mem_reservation?: string;
  readonly memswap_limit?: string;
  readonly mem_swappiness?: string;
  readonly mac_address?: string;
  readonly models?: Readonly<
    Record<string, { readonly endpoint_var?: string; readonly model_var?: string } | null>
  >;
  readonly network_mode?: string;
  readonly networks?: Readonly<Record<string, AttachmentDefinition | null>>;
  readonly oom_kill_disable?: boolean;
  readonly oom_score_adj?: number;
  readonly pid?: string;
  readonly pids_limit?: number;
  readonly platform?: string;
  readonly ports?: readonly PortDefinition[];
  readonly privileged?: boolean;
  readonly pull_policy?: string;
  readonly read_only?: boolean;
  readonly restart?: string;
  readonly runtime?: string;
  readonly scale?: number;
  readonly secrets?: readonly FileReference[];
  readonly security_opt?: Texts;
  readonly shm_size?: string;
  readonly stdin_open?: boolean;
  readonly stop_grace_period?: string;
  readonly stop_signal?: string;
  readonly storage_opt?: TextMap;
  readonly sysctls?: TextMap;
  readonly tmpfs?: Texts;
  readonly tty?: boolean;
  readonly ulimits?: Readonly<Record<string, number | { readonly soft?: number; readonly hard?: number }>>;
  readonly use_api_socket?: boolean;
  readonly user?: string;
  readonly userns_mode?: string;
  readonly uts?: string;
  readonly volume_driver?: string;
  readonly volumes?: readonly MountDefinition[];
  readonly volumes_from?: Texts;
  readonly working_dir?: string;
  readonly post_start?: readonly HookDefinition[];
  readonly pre_stop?: readonly HookDefinition[];
}

export interface BuildDefinition {
  readonly context?: string;
  readonly dockerfile?: string;
  readonly dockerfile_inline?: string;
  readonly entitlements?: Texts;
  readonly args?: Readonly<Record<string, string | null>>;
  readonly provenance?: string;
  readonly sbom?: string;
  readonly ssh?: Texts;
  readonly labels?: TextMap;
  readonly cache_from?: Texts;
  readonly cache_to?: Texts;
  readonly no_cache?: boolean;
  readonly additional_contexts?: TextMap;
  readonly pull?: boolean;
  /** `host=address` */
  readonly extra_hosts?: Texts;
  readonly isolation?: string;
  readonly network?: string;
  readonly target?: string;
  readonly secrets?: readonly FileReference[];
  readonly shm_size?: string;
  readonly tags?: Texts;
  readonly ulimits?: ServiceDefinition['ulimits'];
  readonly platforms?: Texts;
  readonly privileged?: boolean;
}

export interface DevelopDefinition {
  readonly watch?: readonly WatchDefinition[];
}

export interface WatchDefinition {
  readonly path: string;
  readonly action: string;
  readonly target?: string;
  /** Always printed, as Compose does. */
  readonly exec: Omit<HookDefinition, 'command'> & { readonly command: Texts | null };
  readonly include?: Texts;
  readonly ignore?: Texts;
  readonly initial_sync?: boolean;
}

export interface BlkioDefinition {
  readonly weight?: number;
  readonly weight_device?: readonly { readonly Path: string; readonly Weight: number }[];
  readonly device_read_bps?: readonly { readonly Path: string; readonly Rate: string }[];
  readonly device_read_iops?: readonly { readonly Path: string; readonly Rate: string }[];
  readonly device_write_bps?: readonly { readonly Path: string; readonly Rate: string }[];
  readonly device_write_iops?: readonly { readonly Path: string; readonly Rate: string }[];
}

export interface DependencyDefinition {
  readonly condition: 'service_started' | 'service_healthy' | 'service_completed_successfully';
  readonly restart?: boolean;
  readonly required: boolean;
}

export interface DeployDefinition {
  readonly mode?: string;
  readonly replicas?: number;
  readonly labels?: TextMap;
  readonly update_config?: UpdateDefinition;
  readonly rollback_config?: UpdateDefinition;
  readonly resources: { readonly limits?: ResourceDefinition; readonly reservations?: ResourceDefinition };
  readonly restart_policy?: {
    readonly condition?: string;
    readonly delay?: string;
    readonly max_attempts?: number;
    readonly window?: string;
  };
  readonly placement: {
    readonly constraints?: Texts;
    readonly preferences?: readonly { readonly spread?: string }[];
    readonly max_replicas_per_node?: number;
  };
  readonly endpoint_mode?: string;
}

export interface UpdateDefinition {
  readonly parallelism?: number;
  readonly delay?: string;
  readonly failure_action?: string;
  readonly monitor?: string;
  readonly max_failure_ratio?: number;
  readonly order?: string;
}

export interface ResourceDefinition {
  readonly cpus?: number | string;
  readonly memory?: string;
  readonly pids?: number;
  readonly devices?: readonly DeviceRequest[];
  readonly generic_resources?: readonly {
    readonly discrete_resource_spec?: { readonly kind: string; readonly value: number };
  }[];
}

export interface DeviceRequest {
  readonly capabilities?: Texts;
  readonly driver?: string;
  /** -1: all. */
  readonly count?: number;
  readonly device_ids?: Texts;
  readonly options?: TextMap;
}

export interface AttachmentDefinition {
  readonly aliases?: Texts;
  readonly driver_opts?: TextMap;
  readonly gw_priority?: number;
  readonly interface_name?: string;
  readonly ipv4_address?: string;
  readonly ipv6_address?: string;
  readonly link_local_ips?: Texts;
  readonly mac_address?: string;
  readonly priority?: number;
}

export interface PortDefinition {
  readonly name?: string;
  readonly mode?: string;
  readonly host_ip?: string;
  readonly target: number;
  /** A port, a range, or absent: the engine chooses. */
  readonly published?: string;
  readonly protocol?: string;
  readonly app_protocol?: string;
}

export interface MountDefinition {
  readonly type: 'bind' | 'volume' | 'tmpfs' | 'npipe' | 'cluster' | 'image';
  readonly source?: string;
  readonly target: string;
  readonly read_only?: boolean;
  readonly consistency?: string;
  readonly bind?: {
    readonly selinux?: string;
    readonly propagation?: string;
    readonly create_host_path?: boolean;
    readonly recursive?: string;
  };
  readonly volume?: { readonly labels?: TextMap; readonly nocopy?: boolean; readonly subpath?: string };
  readonly tmpfs?: { readonly size?: string; readonly mode?: number };
  readonly image?: { readonly subpath?: string };
}

export interface FileReference {
  readonly source?: string;
  readonly target?: string;
  readonly uid?: string;
  readonly gid?: string;
  /** Octal, as in `"0440"`. */
  readonly mode?: string;
}

export interface HealthcheckDefinition {
  readonly test?: Texts;
  readonly timeout?: string;
  readonly interval?: string;
  readonly retries?: number;
  readonly start_period?: string;
  readonly start_interval?: string;
  readonly disable?: boolean;
}

export interface HookDefinition {
  readonly command: Texts;
  readonly user?: string;
  readonly privileged?: boolean;
  readonly working_dir?: string;
  readonly environment?: Readonly<Record<string, string | null>>;
}

export interface NetworkDefinition {
  readonly name: string;
  readonly driver?: string;
  readonly driver_opts?: TextMap;
  readonly ipam: {
    readonly driver?: string;
    readonly config?: readonly {
      readonly subnet?: string;
      readonly gateway?: string;
      readonly ip_range?: string;
      readonly aux_addresses?: TextMap;
    }[];
  };
  readonly external?: boolean;
  readonly internal?: boolean;
  readonly attachable?: boolean;
  readonly labels?: TextMap;
  readonly enable_ipv4?: boolean;
  readonly enable_ipv6?: boolean;
}

export interface VolumeDefinition {
  readonly name: string;
  readonly driver?: string;
  readonly driver_opts?: TextMap;
  readonly external?: boolean;
  readonly labels?: TextMap;
}

/** A config or a secret. */
export interface FileObjectDefinition {
  readonly name?: string;
  readonly file?: string;
  readonly environment?: string;
  readonly content?: string;
  readonly external?: boolean;
  readonly labels?: TextMap;
  readonly driver?: string;
  readonly driver_opts?: TextMap;
  readonly template_driver?: string;
}

export interface ModelDefinition {
  readonly name?: string;
  readonly model?: string;
  readonly context_size?: number;
  readonly runtime_flags?: Texts;
}
