import type { Dialect } from '../dialects/dialect.ts';
import type { Gateway } from '../gateway.ts';
import { toGatewayError } from '../gateway-error.ts';
import type { Principal } from '../keys/principal.ts';
import { reportRequest } from '../observability/report-request.ts';
import type { Operation } from './generation-request.ts';

export interface Refusal {
  readonly requestId: string;
  readonly traceId: string | undefined;
  readonly principal: Principal;
  readonly dialect: Dialect;
  /** Since the request came. */
  readonly ms: number;
  readonly error: unknown;
}

/** Tells of a request that was refused before it became a run: what it says is wrong, or the gateway is shutting down. */
export function reportRefusal(
  gateway: Gateway,
  { dialect, error, ms, principal, requestId, traceId }: Refusal,
): void {
  const failure = toGatewayError(error);
  reportRequest(gateway, {
    requestId,
    traceId,
    operation: operationOf(dialect),
    model: undefined,
    backend: undefined,
    principal: principal.id,
    skills: [],
    generation: gateway.skills.snapshot.generation,
    cache: undefined,
    attempts: 0,
    status: failure.status,
    error: failure,
    cancelled: undefined,
    ms,
    queuedMs: 0,
    firstTokenMs: undefined,
    tokens: undefined,
  });
}

function operationOf({ name }: Dialect): Operation {
  switch (name) {
    case 'completions':
      return 'text_completion';
    case 'embeddings':
      return 'embeddings';
    case 'chat-completions':
    case 'messages':
    case 'responses':
      return 'chat';
  }
}
