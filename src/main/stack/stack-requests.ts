import {
  type DownOptions,
  downOptionsSchema,
  type UpOptions,
  upOptionsSchema,
} from '../../shared/stack/stack-contract.ts';

/** Options of which any may be left out, as they come over the wire. */
type Given<T> = { readonly [K in keyof T]?: T[K] | undefined };

export type UpRequest = Given<UpOptions>;
export type DownRequest = Given<DownOptions>;

export type PlanRequest =
  | ({ readonly direction: 'up' } & UpRequest)
  | ({ readonly direction: 'down' } & DownRequest);

export interface RestartRequest {
  /** Absent: `services`, or all that exist. */
  readonly service?: string | undefined;
  readonly services?: readonly string[] | undefined;
  /** Leaves those alone that ask to be restarted along. */
  readonly noDeps?: boolean | undefined;
  readonly timeoutMs?: number | undefined;
}

export interface ControlRequest {
  readonly action: 'start' | 'stop' | 'kill' | 'pause' | 'unpause' | 'remove';
  /** Empty: all. */
  readonly services: readonly string[];
  /** With `kill`. */
  readonly signal?: string | undefined;
  /** With `stop`. */
  readonly timeoutMs?: number | undefined;
}

/** One service, or several in one run. */
export type ScaleRequest =
  | { readonly service: string; readonly replicas: number }
  | { readonly scale: Readonly<Record<string, number>>; readonly noDeps?: boolean | undefined };

export interface PullRequest {
  /** Empty: all that have an image to pull. */
  readonly services: readonly string[];
}

export interface BuildRequest {
  /** Empty: all that are built. */
  readonly services: readonly string[];
  readonly noCache?: boolean | undefined;
}

/** All options of a start, those left out as the contract says. */
export function upOptions(given: UpRequest): UpOptions {
  return upOptionsSchema.parse(given);
}

export function downOptions(given: DownRequest): DownOptions {
  return downOptionsSchema.parse(given);
}
