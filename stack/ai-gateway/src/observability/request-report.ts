import type { CacheResult, CacheTier } from '../cache/answer-cache.ts';
import type { GatewayErrorCode } from '../gateway-error.ts';
import type { Operation } from '../pipeline/generation-request.ts';

export type Phase = 'queued' | 'prefill' | 'decode';

/** What is told of a request that has ended: to metrics, log, traffic and the list of requests. Never its words. */
export interface RequestReport {
  readonly requestId: string;
  /** Of the caller's trace, where it sent one. */
  readonly traceId?: string | undefined;
  readonly operation: Operation;
  /** As the caller named it. */
  readonly model: string | undefined;
  readonly backend: string | undefined;
  /** Id of the key. */
  readonly principal: string;
  readonly skills: readonly string[];
  readonly generation: number;
  readonly cache: { readonly result: CacheResult; readonly tier?: CacheTier } | undefined;
  readonly attempts: number;
  readonly status: number;
  /** Of a failure; a caller that left has none. */
  readonly error:
    | { readonly code: GatewayErrorCode; readonly message: string; readonly cause?: unknown }
    | undefined;
  /** In which phase the caller left. */
  readonly cancelled: Phase | undefined;
  readonly ms: number;
  readonly queuedMs: number;
  /** What the gateway itself took before it asked a backend for the first time, the wait in the queue left out. */
  readonly overheadMs?: number | undefined;
  /** Of a stream; a whole answer tells it only where its backend does. */
  readonly firstTokenMs: number | undefined;
  /** As the backend tells; of a caller that left, or of a backend that does not tell, about. */
  readonly tokens: { readonly prompt: number; readonly completion: number } | undefined;
}
