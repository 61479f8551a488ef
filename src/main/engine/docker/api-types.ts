/** The parts of the Engine's answers that are read here. API ≥ 1.52 leaves empty ones out, so almost all may be absent. */
export interface ApiVersionInfo {
  readonly Version: string;
  readonly ApiVersion: string;
  readonly MinAPIVersion?: string;
}

export interface ApiContainerSummary {
  readonly Id: string;
  readonly Names?: readonly string[];
  readonly Image?: string;
  readonly ImageID?: string;
  readonly State?: string;
  /** In words, e.g. `Up 3 minutes (healthy)`. */
  readonly Status?: string;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly Ports?:
    | readonly {
        readonly IP?: string;
        readonly PrivatePort?: number;
        readonly PublicPort?: number;
        readonly Type?: string;
      }[]
    | null;
  readonly NetworkSettings?: {
    readonly Networks?: Readonly<
      Record<string, { readonly NetworkID?: string; readonly EndpointID?: string } | null>
    > | null;
  };
  readonly Mounts?: readonly {
    readonly Type?: string;
    readonly Name?: string;
    readonly Destination: string;
  }[];
}

export interface ApiPortBinding {
  readonly HostIp?: string;
  readonly HostPort?: string;
}

export interface ApiContainer {
  readonly Id: string;
  readonly Name: string;
  readonly Image: string;
  readonly RestartCount?: number;
  readonly State: {
    readonly Status: string;
    readonly Running?: boolean;
    readonly ExitCode?: number;
    readonly OOMKilled?: boolean;
    readonly Error?: string;
    readonly StartedAt?: string;
    readonly FinishedAt?: string;
    readonly Health?: {
      readonly Status: string;
      readonly Log?: readonly { readonly ExitCode: number; readonly Output: string }[] | null;
    };
  };
  readonly Config: {
    readonly Image: string;
    readonly User?: string;
    readonly Tty?: boolean;
    readonly Labels?: Readonly<Record<string, string>> | null;
  };
  readonly HostConfig?: { readonly Memory?: number };
  readonly Mounts?: readonly {
    readonly Type: string;
    readonly Name?: string;
    readonly Destination: string;
    readonly RW?: boolean;
  }[];
  readonly NetworkSettings?: {
    readonly Ports?: Readonly<Record<string, readonly ApiPortBinding[] | null>> | null;
    readonly Networks?: Readonly<Record<string, unknown>> | null;
  };
}

export interface ApiNetwork {
  readonly Id: string;
  readonly Name: string;
  readonly Labels?: Readonly<Record<string, string>> | null;
  readonly IPAM?: { readonly Config?: readonly { readonly Subnet?: string }[] | null };
}

export interface ApiVolume {
  readonly Name: string;
  readonly Labels?: Readonly<Record<string, string>> | null;
}

export interface ApiImage {
  readonly Id: string;
  readonly Os?: string;
  readonly Architecture?: string;
  readonly Variant?: string;
  readonly Metadata?: { readonly LastTagTime?: string };
  readonly Config?: {
    readonly Labels?: Readonly<Record<string, string>> | null;
    readonly Volumes?: Readonly<Record<string, unknown>> | null;
    readonly Healthcheck?: { readonly Test?: readonly string[] | null } | null;
  } | null;
}

export interface ApiStats {
  readonly read?: string;
  readonly cpu_stats?: {
    readonly cpu_usage?: { readonly total_usage?: number; readonly percpu_usage?: readonly number[] | null };
    readonly system_cpu_usage?: number;
    readonly online_cpus?: number;
  };
  readonly memory_stats?: {
    readonly usage?: number;
    readonly limit?: number;
    readonly privateworkingset?: number;
    readonly stats?: { readonly total_inactive_file?: number; readonly inactive_file?: number };
  };
}
