import type { ErrorEnvelope } from '@skilldeck/agent-skills';

interface ErrorKind {
  readonly status: number;
  readonly type: string;
}

/** Every failure the gateway answers with. The code is stable: the panel translates by it. */
const ERROR_KINDS = {
  invalid_request: { status: 400, type: 'invalid_request_error' },
  context_length_exceeded: { status: 400, type: 'invalid_request_error' },
  /** What the chosen backend cannot do; never left out in silence. */
  unsupported: { status: 400, type: 'invalid_request_error' },
  invalid_api_key: { status: 401, type: 'authentication_error' },
  key_expired: { status: 401, type: 'authentication_error' },
  scope_missing: { status: 403, type: 'permission_error' },
  origin_refused: { status: 403, type: 'permission_error' },
  not_found: { status: 404, type: 'invalid_request_error' },
  method_not_allowed: { status: 405, type: 'invalid_request_error' },
  model_not_found: { status: 404, type: 'invalid_request_error' },
  skill_not_found: { status: 404, type: 'invalid_request_error' },
  /** Skills that were asked for by name have more tokens than skills may have. */
  skills_too_large: { status: 400, type: 'invalid_request_error' },
  /** What is asked would cut off requests that are being answered. */
  backend_busy: { status: 409, type: 'invalid_request_error' },
  client_too_slow: { status: 408, type: 'timeout_error' },
  payload_too_large: { status: 413, type: 'invalid_request_error' },
  unsupported_media_type: { status: 415, type: 'invalid_request_error' },
  queue_full: { status: 429, type: 'rate_limit_error' },
  queue_tokens_full: { status: 429, type: 'rate_limit_error' },
  rate_limited: { status: 429, type: 'rate_limit_error' },
  insufficient_quota: { status: 429, type: 'insufficient_quota' },
  queue_timeout: { status: 429, type: 'rate_limit_error' },
  cancelled_by_admin: { status: 499, type: 'client_error' },
  client_closed: { status: 499, type: 'client_error' },
  internal: { status: 500, type: 'server_error' },
  upstream_refused: { status: 502, type: 'upstream_error' },
  upstream_error: { status: 502, type: 'upstream_error' },
  upstream_cut: { status: 502, type: 'upstream_error' },
  upstream_not_json: { status: 502, type: 'upstream_error' },
  upstream_key_refused: { status: 502, type: 'upstream_error' },
  generation_failed: { status: 500, type: 'server_error' },
  /** Another gateway over the same folder writes them and does not come to an end. */
  keys_locked: { status: 503, type: 'unavailable_error' },
  draining: { status: 503, type: 'unavailable_error' },
  no_backend: { status: 503, type: 'unavailable_error' },
  circuit_open: { status: 503, type: 'unavailable_error' },
  model_loading: { status: 503, type: 'unavailable_error' },
  model_unloaded: { status: 503, type: 'unavailable_error' },
  model_file_missing: { status: 503, type: 'unavailable_error' },
  model_file_invalid: { status: 503, type: 'unavailable_error' },
  model_load_failed: { status: 503, type: 'unavailable_error' },
  worker_crashed: { status: 503, type: 'unavailable_error' },
  upstream_timeout: { status: 504, type: 'timeout_error' },
  request_timeout: { status: 504, type: 'timeout_error' },
} as const satisfies Record<string, ErrorKind>;

export type GatewayErrorCode = keyof typeof ERROR_KINDS;

export interface GatewayErrorOptions {
  readonly param?: string;
  /** What the caller can do about it; becomes the message's last sentence. */
  readonly hint?: string;
  readonly retryAfterSeconds?: number;
  /** Overrides the catalogue, for a status an upstream has already chosen. */
  readonly status?: number;
  readonly cause?: unknown;
}

export class GatewayError extends Error {
  readonly code: GatewayErrorCode;
  readonly status: number;
  readonly type: string;
  readonly param: string | null;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: GatewayErrorCode, sentence: string, options: GatewayErrorOptions = {}) {
    super(options.hint === undefined ? sentence : `${sentence} ${options.hint}`, { cause: options.cause });
    this.name = 'GatewayError';
    this.code = code;
    this.type = ERROR_KINDS[code].type;
    this.status = options.status ?? ERROR_KINDS[code].status;
    this.param = options.param ?? null;
    this.retryAfterSeconds =
      options.retryAfterSeconds ??
      (this.status === 429 || this.status === 503 ? DEFAULT_RETRY_SECONDS : undefined);
  }

  toEnvelope(): ErrorEnvelope {
    return { error: { message: this.message, type: this.type, param: this.param, code: this.code } };
  }
}

const DEFAULT_RETRY_SECONDS = 1;

/** Turns anything thrown into a coded error. Unknown faults keep their details for the log, not for the caller. */
export function toGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  return new GatewayError('internal', 'The gateway failed to answer this request.', {
    hint: 'Its log holds the cause under the request id.',
    cause: error,
  });
}
