import { ErrorEnvelopeSchema } from '@skilldeck/agent-skills';
import { AppError } from '../../shared/errors/app-error.ts';
import type { ErrorCode } from '../../shared/errors/error-codes.ts';
import { type Phrase, type PhraseValue, phrase } from '../../shared/errors/phrases/phrase.ts';
import { gatewayWords } from '../../shared/gateway/gateway-words.ts';

export interface GatewayRefusal {
  readonly status: number;
  /** The gateway's own code, from the envelope. */
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly retryAfter?: string | undefined;
}

const CODES: Readonly<Record<string, ErrorCode>> = {
  invalid_api_key: 'gateway.unauthorized',
  queue_full: 'gateway.queue_full',
  queue_timeout: 'gateway.queue_full',
  model_loading: 'gateway.loading',
  draining: 'gateway.loading',
  no_backend: 'model.not_found',
  model_not_found: 'model.not_found',
  model_file_missing: 'model.not_found',
  model_file_invalid: 'model.not_gguf',
  model_load_failed: 'model.load_failed',
  worker_crashed: 'model.load_failed',
  upstream_refused: 'upstream.refused',
  upstream_cut: 'upstream.cut',
  upstream_timeout: 'upstream.timeout',
  request_timeout: 'upstream.timeout',
  upstream_error: 'upstream.rejected',
  upstream_not_json: 'upstream.rejected',
  upstream_key_refused: 'upstream.rejected',
};

const STATUSES: Readonly<Record<number, ErrorCode>> = {
  401: 'gateway.unauthorized',
  403: 'gateway.unauthorized',
  429: 'gateway.queue_full',
  502: 'upstream.refused',
  503: 'gateway.loading',
  504: 'upstream.timeout',
};

const HINTS: Partial<Record<ErrorCode, string>> = {
  'gateway.unauthorized':
    'GATEWAY_API_KEY in .env is not the one that the gateway was started with: restart it.',
  'gateway.queue_full': 'Wait a moment and try again.',
  'gateway.loading': 'The model is being loaded. Try again in a few seconds.',
  'upstream.refused': 'Check that the server of the model is running and that its address is right.',
  'upstream.timeout': 'The model takes too long. Try again, or choose a smaller one.',
  'upstream.cut': 'Try again. The log of the gateway says more.',
  'model.not_found': 'Choose a model.',
  'model.not_gguf': 'Choose another model file.',
};

/** What the gateway refused, as a coded fault; its own sentence stays. */
export function refusalFault(refusal: GatewayRefusal): AppError {
  const code =
    (refusal.code === undefined ? undefined : CODES[refusal.code]) ??
    STATUSES[refusal.status] ??
    'gateway.request_failed';
  const message =
    refusal.message === undefined
      ? phrase('gateway_status', { status: refusal.status })
      : gatewayWords(refusal.code, refusal.message);
  const params: Record<string, PhraseValue> = { status: refusal.status, message };
  const seconds = Number(refusal.retryAfter);
  if (refusal.retryAfter !== undefined && Number.isFinite(seconds)) params.seconds = seconds;
  return fault(code, message, params);
}

/** Reads the OpenAI error envelope of a body, if it is one. */
export function parseEnvelope(body: string): Pick<GatewayRefusal, 'code' | 'message'> {
  try {
    const { error } = ErrorEnvelopeSchema.parse(JSON.parse(body));
    return { code: error.code ?? undefined, message: error.message };
  } catch {
    // A proxy's own error page: the status has to do.
    return {};
  }
}

/** A request that got no answer: nobody there, too slow, or cut. */
export function connectionFault(error: unknown, seconds: number): AppError {
  if (error instanceof AppError) return error;
  const names = errorChain(error).flatMap(({ name, code }) => (code === undefined ? [name] : [name, code]));
  if (names.includes('TimeoutError') || names.includes('UND_ERR_HEADERS_TIMEOUT'))
    return fault('gateway.request_failed', phrase('gateway_too_slow', { seconds }), { seconds }, error);
  if (names.includes('AbortError')) return fault('cancelled', phrase('cancelled'), {}, error);
  if (names.includes('ECONNREFUSED'))
    return new AppError('gateway.not_running', phrase('gateway_not_running'), {
      hint: 'Start the stack.',
      cause: error,
    });
  const message = errorChain(error).at(-1)?.message ?? 'unknown';
  return fault('gateway.request_failed', phrase('gateway_unreachable', { message }), { message }, error);
}

export function notRunningFault(): AppError {
  return new AppError('gateway.not_running', phrase('gateway_not_running'), { hint: 'Start the stack.' });
}

/** The error and what caused it, outermost first; Node hides the useful one at the end. */
export function errorChain(
  error: unknown,
): readonly { readonly name: string; readonly message: string; readonly code: string | undefined }[] {
  const chain = [];
  let current = error;
  for (let depth = 0; depth < 6 && current instanceof Error; depth++) {
    const code = 'code' in current && typeof current.code === 'string' ? current.code : undefined;
    chain.push({ name: current.name, message: current.message, code });
    current = current instanceof AggregateError ? current.errors[0] : current.cause;
  }
  return chain;
}

function fault(
  code: ErrorCode,
  message: string | Phrase,
  params: Readonly<Record<string, PhraseValue>>,
  cause?: unknown,
): AppError {
  const hint = HINTS[code];
  return new AppError(code, message, {
    params,
    ...(hint === undefined ? {} : { hint }),
    ...(cause === undefined ? {} : { cause }),
  });
}
