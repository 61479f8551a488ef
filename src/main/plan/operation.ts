import type { Cause, Phase } from '../../shared/stack/plan-view.ts';

/** One thing an engine does. Idempotent: doing it again when it is done changes nothing. */
export type Operation =
  | { readonly kind: 'create-network'; readonly network: string }
  | { readonly kind: 'create-volume'; readonly volume: string }
  | { readonly kind: 'pull-image'; readonly service: string }
  | { readonly kind: 'build-image'; readonly service: string }
  | { readonly kind: 'create-container'; readonly service: string; readonly number: number }
  /** Create under a temporary name, stop the old one, remove it, rename (Compose's own order). */
  | {
      readonly kind: 'recreate-container';
      readonly service: string;
      readonly number: number;
      readonly containerId: string;
    }
  | { readonly kind: 'start-container'; readonly service: string; readonly number: number }
  | {
      readonly kind: 'wait-container';
      readonly service: string;
      readonly number: number;
      readonly until: 'running' | 'healthy' | 'completed';
    }
  | { readonly kind: 'stop-container'; readonly service: string; readonly containerId: string }
  | { readonly kind: 'remove-container'; readonly service: string; readonly containerId: string }
  | { readonly kind: 'remove-network'; readonly network: string; readonly networkId: string }
  | { readonly kind: 'remove-volume'; readonly volume: string };

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
}
