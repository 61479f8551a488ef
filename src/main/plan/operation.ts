import type { Cause, Phase, ServiceChange } from '../../shared/stack/plan-view.ts';

/** One thing an engine does. Idempotent: doing it again when it is done changes nothing. */
export type Operation =
  | { readonly kind: 'create-network'; readonly network: string }
  | { readonly kind: 'create-volume'; readonly volume: string }
  | {
      readonly kind: 'pull-image';
      readonly service: string;
      /** What is here serves when no registry has it: the service can be built. */
      readonly optional?: true;
    }
  | {
      readonly kind: 'build-image';
      readonly service: string;
      readonly noCache?: boolean;
      /** Only when no registry has the image. */
      readonly pullFirst?: true;
    }
  | { readonly kind: 'create-container'; readonly service: string; readonly number: number }
  /** Create under a temporary name, stop the old one, remove it, rename (Compose's own order). */
  | {
      readonly kind: 'recreate-container';
      readonly service: string;
      readonly number: number;
      readonly containerId: string;
      /** See `stop-container`. */
      readonly timeoutMs?: number;
    }
  /**
   * An update that cannot destroy what runs: creates the new one under a temporary name, starts it, waits `until` it is
   * as wanted, and only then removes the old one and renames. `stop-first`, where both cannot run side by side
   * (published ports, fixed addresses and names), stops the old one before the new one starts but keeps it until then.
   * When the new one fails, or on cancel: it is removed, the old one runs again, and the image reference means the old image again.
   */
  | {
      readonly kind: 'replace-container';
      readonly service: string;
      readonly number: number;
      readonly containerId: string;
      readonly order: 'start-first' | 'stop-first';
      readonly until: 'running' | 'healthy' | 'completed';
      /** How long the new one must stay as wanted before the old one goes (`deploy.update_config.monitor`). */
      readonly monitorMs?: number;
      /** Pause afterwards (`deploy.update_config.delay`). */
      readonly delayMs?: number;
      /** See `stop-container`. */
      readonly timeoutMs?: number;
    }
  | { readonly kind: 'start-container'; readonly service: string; readonly number: number }
  | {
      readonly kind: 'wait-container';
      readonly service: string;
      readonly number: number;
      readonly until: 'running' | 'healthy' | 'completed';
    }
  | {
      readonly kind: 'stop-container';
      readonly service: string;
      readonly containerId: string;
      /** Between the stop signal and the kill; absent: the container's own grace period. */
      readonly timeoutMs?: number;
    }
  | {
      readonly kind: 'kill-container';
      readonly service: string;
      readonly containerId: string;
      readonly signal: string;
    }
  | { readonly kind: 'pause-container'; readonly service: string; readonly containerId: string }
  | { readonly kind: 'unpause-container'; readonly service: string; readonly containerId: string }
  | {
      readonly kind: 'remove-container';
      readonly service: string;
      readonly containerId: string;
      /** Destroys the data in its anonymous volumes, too; left out, they stay, as Compose leaves them. */
      readonly volumes?: true;
    }
  | { readonly kind: 'remove-network'; readonly network: string; readonly networkId: string }
  /** `volume` is the engine's name when the project does not know the key. */
  | { readonly kind: 'remove-volume'; readonly volume: string }
  | { readonly kind: 'remove-image'; readonly image: string };

export interface PlanStep {
  /** Stable within a plan, e.g. `start-container:ai-gateway-1`. */
  readonly id: string;
  readonly operation: Operation;
  readonly phase: Phase;
  readonly cause: Cause;
  /** Ids of the steps that must be done first. The graph has no cycle. */
  readonly dependsOn: readonly string[];
  /** Ids of steps that must have ended first, however they ended (`required: false` of the file). */
  readonly after?: readonly string[];
}

/** A DAG of operations in a stable topological order. */
export interface Plan {
  readonly direction: 'up' | 'down';
  readonly steps: readonly PlanStep[];
  /** What the plan means for each service and orphan, by name. */
  readonly services?: readonly ServiceChange[];
  /** Data that the plan destroys, by the engine's names. */
  readonly destroys?: { readonly volumes: readonly string[]; readonly images: readonly string[] };
  /**
   * Images are fetched or built under containers that this plan keeps, and only the result says whether those are
   * out of date: when all steps are done, observe and plan once more with `pull: 'missing'`, without `build` and `forceRecreate`.
   */
  readonly replan?: boolean;
}
