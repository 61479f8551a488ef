/**
 * A loaded compose project: files merged, variables filled in, every short form expanded.
 *
 * Field names follow the Compose specification in camelCase; durations are milliseconds, sizes bytes,
 * host paths absolute. Only what Skilldeck implements has a field: the loader refuses every other key.
 */
export interface Project {
  readonly name: string;
  /** Absolute; relative paths of the files are resolved against it. */
  readonly workingDir: string;
  /** Absolute paths, in merge order. */
  readonly configFiles: readonly string[];
  /** Those without a profile and those whose profile is on. */
  readonly services: Readonly<Record<string, Service>>;
  /** Services of the file whose profiles are off: not started, but no orphans either. */
  readonly inactiveServices?: readonly string[];
  readonly networks: Readonly<Record<string, Network>>;
  readonly volumes: Readonly<Record<string, Volume>>;
}

export interface Service {
  readonly name: string;
  readonly image?: string;
  readonly build?: Build;
  readonly containerName?: string;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly ports: readonly PortMapping[];
  readonly expose: readonly string[];
  readonly volumes: readonly Mount[];
  /** Keyed by the project's network key. */
  readonly networks: Readonly<Record<string, NetworkAttachment>>;
  readonly dependsOn: Readonly<Record<string, Dependency>>;
  readonly healthcheck?: Healthcheck;
  readonly resources: Resources;
  readonly user?: string;
  readonly workingDir?: string;
  readonly readOnly: boolean;
  readonly tmpfs: readonly string[];
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly securityOpt: readonly string[];
  readonly init?: boolean;
  readonly restart: RestartPolicy;
  readonly stopSignal?: string;
  readonly stopGracePeriodMs?: number;
  readonly extraHosts: readonly string[];
  readonly logging?: { readonly driver?: string; readonly options: Readonly<Record<string, string>> };
  readonly labels: Readonly<Record<string, string>>;
  readonly profiles: readonly string[];
  readonly pullPolicy?: 'always' | 'missing' | 'never' | 'build';
  readonly skilldeck: SkilldeckExtension;
}

export interface Build {
  /** Absolute. */
  readonly context: string;
  /** Relative to the context. */
  readonly dockerfile: string;
  readonly args: Readonly<Record<string, string>>;
  readonly target?: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface PortMapping {
  readonly hostIp: string;
  /** Absent: the engine chooses. */
  readonly published?: number;
  readonly target: number;
  readonly protocol: 'tcp' | 'udp';
}

export type Mount =
  | { readonly kind: 'bind'; readonly source: string; readonly target: string; readonly readOnly: boolean }
  /** `source` is the project's volume key; absent for an anonymous volume. */
  | { readonly kind: 'volume'; readonly source?: string; readonly target: string; readonly readOnly: boolean }
  | { readonly kind: 'tmpfs'; readonly target: string; readonly sizeBytes?: number };

export interface NetworkAttachment {
  readonly aliases: readonly string[];
  readonly ipv4Address?: string;
}

export interface Dependency {
  readonly condition: 'service_started' | 'service_healthy' | 'service_completed_successfully';
  readonly restart: boolean;
  readonly required: boolean;
}

export interface Healthcheck {
  readonly disabled: boolean;
  /** As the Engine API takes it: `['CMD', …]` or `['CMD-SHELL', line]`; absent means the image's own. */
  readonly test?: readonly string[];
  readonly intervalMs?: number;
  readonly timeoutMs?: number;
  readonly startPeriodMs?: number;
  readonly startIntervalMs?: number;
  readonly retries?: number;
}

export interface Resources {
  readonly cpus?: number;
  readonly memoryBytes?: number;
  readonly pids?: number;
}

export interface RestartPolicy {
  readonly name: 'no' | 'always' | 'on-failure' | 'unless-stopped';
  readonly maximumRetryCount?: number;
}

export interface Network {
  readonly key: string;
  /** The engine's name: `<project>_<key>` unless the file says otherwise. */
  readonly name: string;
  readonly external: boolean;
  readonly driver?: string;
  readonly internal: boolean;
  readonly ipam: readonly { readonly subnet?: string; readonly gateway?: string }[];
  readonly labels: Readonly<Record<string, string>>;
}

export interface Volume {
  readonly key: string;
  readonly name: string;
  readonly external: boolean;
  readonly driver?: string;
  readonly driverOpts: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** `x-skilldeck` on a service: its role in the panel and how the sandbox runs it. */
export interface SkilldeckExtension {
  readonly role: 'gateway' | 'file-manager' | 'proxy' | 'other';
  /** Absent: the sandbox does not run this service. */
  readonly sandbox?: SandboxSpec;
}

export interface SandboxSpec {
  /** `node` as first word means the Node that the panel itself runs on. */
  readonly command: readonly string[];
  /** As written, relative to the bundle of the app, e.g. `./ai-gateway`. */
  readonly workingDir: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly health?: {
    readonly http: string;
    readonly intervalMs: number;
    readonly timeoutMs: number;
    readonly retries: number;
  };
}
