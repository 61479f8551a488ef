import type { DownRequest, UpRequest } from '../../main/stack/stack-requests.ts';

export interface UpFlags {
  readonly build?: boolean;
  readonly pull?: 'policy' | 'always' | 'missing' | 'never';
  readonly forceRecreate?: boolean;
  /** `false`: `--no-deps`. */
  readonly deps?: boolean;
  readonly removeOrphans?: boolean;
  readonly scale?: Readonly<Record<string, number>>;
  /** `false`: `--no-wait`. */
  readonly wait?: boolean;
  /** Seconds. */
  readonly timeout?: number;
}

export interface DownFlags {
  readonly volumes?: boolean;
  readonly rmi?: 'local' | 'all';
  readonly removeOrphans?: boolean;
  readonly timeout?: number;
}

export function upRequest(flags: UpFlags, services: readonly string[]): UpRequest {
  return {
    services: [...services],
    ...(flags.build === undefined ? {} : { build: flags.build }),
    ...(flags.pull === undefined ? {} : { pull: flags.pull }),
    ...(flags.forceRecreate === undefined ? {} : { forceRecreate: flags.forceRecreate }),
    ...(flags.removeOrphans === undefined ? {} : { removeOrphans: flags.removeOrphans }),
    ...(flags.deps === false ? { noDeps: true } : {}),
    ...(flags.wait === false ? { noWait: true } : {}),
    ...(flags.scale === undefined ? {} : { scale: flags.scale }),
    ...(flags.timeout === undefined ? {} : { timeoutMs: flags.timeout * 1000 }),
  };
}

export function downRequest(flags: DownFlags, services: readonly string[]): DownRequest {
  return {
    services: [...services],
    // As `docker compose down`; the panel's Stop takes them along.
    removeOrphans: flags.removeOrphans === true,
    ...(flags.volumes === undefined ? {} : { volumes: flags.volumes }),
    ...(flags.rmi === undefined ? {} : { images: flags.rmi }),
    ...(flags.timeout === undefined ? {} : { timeoutMs: flags.timeout * 1000 }),
  };
}
