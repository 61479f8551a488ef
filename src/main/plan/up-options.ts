import type { EngineKind } from '../../shared/stack/stack-snapshot.ts';
import type { ImageOptions } from './plan-images.ts';

/** Names are those of `docker compose up`; absent means its default. */
export interface PlanUpOptions extends ImageOptions {
  readonly engine: EngineKind;
  /** Absent or empty: all. Their dependencies come along. */
  readonly services?: readonly string[];
  readonly noDeps?: boolean;
  readonly removeOrphans?: boolean;
  /** Replaces the containers of `services` although nothing has changed. */
  readonly forceRecreate?: boolean;
  /** Leaves what exists as it is, although something has changed. */
  readonly noRecreate?: boolean;
  /** Creates only. */
  readonly noStart?: boolean;
  /** Instances by service, instead of what the files say. */
  readonly scale?: Readonly<Record<string, number>>;
  /** Ends when the containers run, healthy or not, except where others wait for their health. */
  readonly noWait?: boolean;
  /** Between stop signal and kill, instead of each service's own grace period. */
  readonly timeoutMs?: number;
}
