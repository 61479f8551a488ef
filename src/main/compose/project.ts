import type { Phrase } from '../../shared/errors/phrases/phrase.ts';
import type {
  FileObjectDefinition,
  ModelDefinition,
  NetworkDefinition,
  ServiceDefinition,
  VolumeDefinition,
} from './definition.ts';
import type { Place } from './located.ts';

/**
 * A loaded compose project: files merged, variables filled in, every short form expanded.
 *
 * Each part carries its `definition`, Compose's canonical form, from which all is read that needs no interpretation;
 * the other fields are the parts that do, interpreted once: durations in milliseconds, sizes in bytes, host paths absolute.
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
  /** All that the files name, by name, and which of them are on. */
  readonly profiles?: readonly { readonly name: string; readonly active: boolean }[];
  readonly networks: Readonly<Record<string, Network>>;
  readonly volumes: Readonly<Record<string, Volume>>;
  /** As `docker compose config` lists them; files, environment and content are read when a container needs them. */
  readonly configs?: Readonly<Record<string, FileObjectDefinition>>;
  readonly secrets?: Readonly<Record<string, FileObjectDefinition>>;
  readonly models?: Readonly<Record<string, ModelDefinition>>;
  /** `x-*` of the top level. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** What the files ask for and Skilldeck cannot do: shown by `config`, and refused before anything is changed. */
  readonly unsupported?: readonly Unsupported[];
  /** Of which `docker compose` warns, too. */
  readonly warnings?: readonly Warning[];
  /** Value of `com.docker.compose.project.environment_file`, when env files were named. */
  readonly envFiles?: readonly string[];
  /** Variables that configs and secrets with `environment:` are taken from. Never shown. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
}

/** A value that is not as it should be, but that Compose accepts, too. */
export type Warning =
  /** It stands for an empty text. */
  | { readonly kind: 'unset_variable'; readonly at: Place; readonly variable: string }
  /** `version` of the file, which is ignored. */
  | { readonly kind: 'obsolete_version'; readonly at: Place }
  /** `external: { name: … }` */
  | { readonly kind: 'obsolete_external_name'; readonly at: Place };

export interface Unsupported {
  readonly at: Place;
  /** The key, e.g. `credential_spec`. */
  readonly key: string;
  /** What stands in the way. */
  readonly reason: Phrase;
}

export interface Service {
  readonly name: string;
  /** See {@link ServiceDefinition}; the source of `config-hash`. */
  readonly definition: ServiceDefinition;
  /** `scale`, else `deploy.replicas`, else 1. */
  readonly replicas: number;
  /** Hash of the app's own files that it mounts; not part of the definition. */
  readonly mountsHash?: string;
  readonly image?: string;
  readonly build?: Build;
  readonly containerName?: string;
  /** Those that have a value. */
  readonly environment: Readonly<Record<string, string>>;
  readonly ports: readonly PortMapping[];
  readonly volumes: readonly Mount[];
  /** Keyed by the project's network key. */
  readonly networks: Readonly<Record<string, NetworkAttachment>>;
  readonly dependsOn: Readonly<Record<string, Dependency>>;
  readonly healthcheck?: Healthcheck;
  readonly resources: Resources;
  readonly restart: RestartPolicy;
  readonly stopGracePeriodMs?: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly profiles: readonly string[];
  readonly pullPolicy?: 'always' | 'missing' | 'never' | 'build' | 'refresh';
  /** With `refresh`: pulled again when the image is older than this. */
  readonly pullEveryMs?: number;
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
  /** Last port of a range that the engine chooses from. */
  readonly publishedEnd?: number;
  readonly target: number;
  readonly protocol: 'tcp' | 'udp' | 'sctp';
}

export type Mount =
  | { readonly kind: 'bind'; readonly source: string; readonly target: string; readonly readOnly: boolean }
  /** `source` is the project's volume key; absent for an anonymous volume. */
  | { readonly kind: 'volume'; readonly source?: string; readonly target: string; readonly readOnly: boolean }
  | { readonly kind: 'tmpfs'; readonly target: string; readonly sizeBytes?: number }
  /** The files of another image; the engine never lets them be written. */
  | {
      readonly kind: 'image';
      readonly source: string;
      readonly subpath?: string;
      readonly target: string;
      readonly readOnly: true;
    };

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
  readonly definition: NetworkDefinition;
  readonly external: boolean;
  readonly driver?: string;
  readonly internal: boolean;
  readonly ipam: readonly { readonly subnet?: string; readonly gateway?: string }[];
  readonly labels: Readonly<Record<string, string>>;
}

export interface Volume {
  readonly key: string;
  readonly name: string;
  readonly definition: VolumeDefinition;
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
