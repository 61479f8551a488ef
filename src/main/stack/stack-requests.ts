import type { DownOptions, UpOptions } from '../../shared/stack/stack-contract.ts';

/** Options of which any may be left out, as they come over the wire. */
type Given<T> = { readonly [K in keyof T]?: T[K] | undefined };

export type UpRequest = Given<UpOptions>;
export type DownRequest = Given<DownOptions>;

export type PlanRequest =
  | ({ readonly direction: 'up' } & UpRequest)
  | ({ readonly direction: 'down' } & DownRequest);

export interface ControlRequest {
  readonly action: 'start' | 'stop' | 'kill' | 'pause' | 'unpause' | 'remove';
  /** Empty: all. */
  readonly services: readonly string[];
  /** With `kill`. */
  readonly signal?: string | undefined;
}

export interface ScaleRequest {
  readonly service: string;
  readonly replicas: number;
}

export interface BuildRequest {
  /** Empty: all that are built. */
  readonly services: readonly string[];
  readonly noCache?: boolean | undefined;
}
