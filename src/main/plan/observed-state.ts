import type { PublishedPort } from '../../shared/stack/stack-snapshot.ts';

/** What the engine reports of one project, in the words of the plan. Only what is labelled as ours. */
export interface ObservedState {
  readonly containers: readonly ObservedContainer[];
  readonly networks: readonly ObservedNetwork[];
  readonly volumes: readonly ObservedVolume[];
  /** Image id by reference, for every image that the project names and the engine has. */
  readonly images: Readonly<Record<string, ObservedImage>>;
}

export interface ObservedContainer {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  readonly number: number;
  readonly configHash: string;
  readonly imageId: string;
  readonly imageRef: string;
  readonly state: 'created' | 'running' | 'paused' | 'restarting' | 'exited' | 'dead';
  readonly health: 'none' | 'starting' | 'healthy' | 'unhealthy';
  /** Output of the last health probes, newest last. */
  readonly healthOutput: string;
  readonly exitCode?: number;
  readonly oomKilled: boolean;
  /** Epoch milliseconds. */
  readonly startedAt?: number;
  readonly finishedAt?: number;
  readonly ports: readonly PublishedPort[];
  /** Engine names of the networks that it is attached to. */
  readonly networks: readonly string[];
  /** Id of each of these networks, where the engine says it: tells a network that was made again under its name. */
  readonly networkIds?: Readonly<Record<string, string>>;
  /** Its mounts of volumes: the engine's name by target. */
  readonly volumes?: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

export interface ObservedNetwork {
  readonly id: string;
  readonly name: string;
  readonly key: string;
  readonly configHash?: string;
  readonly subnet?: string;
}

export interface ObservedVolume {
  readonly name: string;
  readonly key: string;
  readonly configHash?: string;
}

export interface ObservedImage {
  readonly id: string;
  /** Hash of the build inputs that made it, for images that we built. */
  readonly buildHash?: string;
  /** Epoch milliseconds of its last pull or build, for `pull_policy: daily`. */
  readonly taggedAt?: number;
  /** `os/architecture[/variant]`, where it is known. */
  readonly platform?: string;
  /** Whether it brings a health check of its own, where it is known. */
  readonly hasHealthcheck?: boolean;
}
