import type { IncomingHttpHeaders } from 'node:http';
import { errors } from 'undici';
import { GatewayError, type GatewayErrorCode, type GatewayErrorOptions } from '../../gateway-error.ts';
import { BackendFailure, type Retry } from '../routing/backend-failure.ts';
import { retryAfterMs } from '../routing/retry-delay.ts';
import { AddressRefused } from './address-rules.ts';
import { TooLarge } from './upstream-exchange.ts';

const BROKEN_CONNECTION = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE', 'UND_ERR_ABORTED']);
const UNKNOWN_HOST = new Set(['ENOTFOUND', 'EAI_AGAIN']);
const UNREACHABLE = new Set(['ENETUNREACH', 'EHOSTUNREACH', 'EHOSTDOWN', 'ETIMEDOUT']);
/** Of a certificate nobody has signed, or signed for another name, or too long ago. */
const CERTIFICATE = /CERT|SELF_SIGNED|ERR_TLS/;
const MAX_RETRY_SECONDS = 3600;

/** Says in a sentence what went wrong on the way to an upstream, and whether it may be tried again. */
export function toUpstreamError(error: unknown, address: string, hasBegun: boolean): GatewayError {
  if (error instanceof GatewayError) return error;
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  const failure = (
    kind: GatewayErrorCode,
    sentence: string,
    hint: string,
    retry: Retry = 'never',
  ): BackendFailure => {
    const verdict = { retry: hasBegun ? ('never' as const) : retry, isBackendsFault: true };
    return new BackendFailure(kind, sentence, verdict, { hint, cause: error });
  };
  const server = `The model server at ${address}`;
  if (error instanceof AddressRefused)
    return failure('upstream_refused', `${server} is not asked: ${error.message}`, error.hint, 'elsewhere');
  if (error instanceof errors.ConnectTimeoutError || UNREACHABLE.has(code)) {
    const sentence = `${server} did not accept a connection in time.`;
    return failure('upstream_timeout', sentence, 'Check the address and the network.', 'elsewhere');
  }
  if (error instanceof errors.HeadersTimeoutError) {
    const hint = 'It may still be loading the model; try again, or raise timeouts.firstByteMs.';
    return failure('upstream_timeout', `${server} did not begin to answer in time.`, hint, 'elsewhere');
  }
  if (error instanceof errors.BodyTimeoutError) {
    const hint = 'Try again, or raise timeouts.idleMs.';
    return failure('upstream_timeout', `${server} stopped in the middle of its answer.`, hint);
  }
  if (code === 'ECONNREFUSED') {
    const hint = 'Start the model server, or correct the address.';
    return failure('upstream_refused', `Nothing listens at ${address}.`, hint, 'again');
  }
  if (UNKNOWN_HOST.has(code)) {
    const hint = 'Correct the address, or check the name server.';
    return failure('upstream_refused', `The host name of ${address} is unknown.`, hint, 'elsewhere');
  }
  if (CERTIFICATE.test(code)) {
    const hint = 'Correct the address, or name the file of its authority in tls.caFile.';
    return failure(
      'upstream_refused',
      `The certificate of ${address} is not trusted (${code}).`,
      hint,
      'elsewhere',
    );
  }
  if (error instanceof TooLarge) {
    const sentence = `${server} sent more than ${error.maxBytes} bytes where one answer was expected.`;
    return failure('upstream_error', sentence, 'Look into its log, or raise "limits" of the backend.');
  }
  if (code.startsWith('HPE_') || code === 'UND_ERR_HEADERS_OVERFLOW') {
    const sentence = `${server} answered with something that is not HTTP (${code}).`;
    return failure('upstream_error', sentence, 'Check the address and its log.', 'elsewhere');
  }
  if (BROKEN_CONNECTION.has(code)) {
    if (hasBegun) return upstreamCut(address, error);
    const sentence = `${server} closed the connection without an answer.`;
    return failure('upstream_refused', sentence, 'Look into its log, then try again.', 'at-once');
  }
  const sentence = `The call to the model server at ${address} failed (${code || 'unknown cause'}).`;
  return failure('upstream_error', sentence, 'The gateway log holds the cause.', 'elsewhere');
}

/** @param retry `again`, when nothing of the answer had come yet */
export function upstreamCut(address: string, cause?: unknown, retry: Retry = 'never'): GatewayError {
  return new BackendFailure(
    'upstream_cut',
    `The model server at ${address} closed the connection in the middle of its answer.`,
    { retry, isBackendsFault: true },
    { hint: 'What came before is incomplete; try again.', cause },
  );
}

/** @param retry `elsewhere`, when nothing but the head of the answer had come yet */
export function upstreamNotJson(address: string, text: string, retry: Retry = 'never'): GatewayError {
  const start = text.slice(0, 60).replace(/\s+/g, ' ');
  return new BackendFailure(
    'upstream_not_json',
    `The model server at ${address} did not answer in JSON but with "${start}".`,
    { retry, isBackendsFault: true },
    { hint: 'The address may be a web page; OpenAI-compatible ones usually end in /v1.' },
  );
}

/** An upstream's own refusal, with its words where it has any. */
export function upstreamStatus(
  address: string,
  status: number,
  text: string,
  headers: IncomingHttpHeaders = {},
): GatewayError {
  const said = messageIn(text);
  const words = said === undefined ? '' : ` It says: ${said}`;
  const waitMs = retryAfterMs(headers);
  const failure = (
    code: GatewayErrorCode,
    sentence: string,
    retry: Retry,
    options: GatewayErrorOptions = {},
  ): BackendFailure => {
    const verdict = { retry, isBackendsFault: status >= 500, retryAfterMs: waitMs };
    return new BackendFailure(code, sentence, verdict, options);
  };
  const server = `The model server at ${address}`;
  const sentence = `${server} answered with status ${status}.${words}`;
  if (status < 400) {
    const hint = 'Redirects are not followed; enter the address it leads to.';
    return failure('upstream_error', sentence, 'elsewhere', { hint });
  }
  if (status === 401 || status === 403) {
    const refused = `${server} refused the API key (${status}).${words}`;
    return failure('upstream_key_refused', refused, 'elsewhere', {
      hint: 'Enter the key again in the settings.',
    });
  }
  if (status === 404) {
    const unknown = `${server} does not know the model or the path (404).${words}`;
    return failure('model_not_found', unknown, 'elsewhere', { param: 'model' });
  }
  if (status === 429) {
    const seconds = waitMs === undefined ? {} : { retryAfterSeconds: toSeconds(waitMs) };
    return failure('queue_full', sentence, 'when-free', { hint: 'Try again later.', ...seconds });
  }
  if (status < 500) {
    const isPassing = status === 408 || status === 409 || status === 425;
    return failure('invalid_request', sentence, isPassing ? 'again' : 'never', { status });
  }
  const canPass = status !== 501 && status !== 505;
  return failure('upstream_error', sentence, canPass ? 'again' : 'elsewhere', {
    hint: 'Look into the log of the model server.',
  });
}

function toSeconds(ms: number): number {
  return Math.min(MAX_RETRY_SECONDS, Math.max(1, Math.ceil(ms / 1000)));
}

function messageIn(text: string): string | undefined {
  try {
    const body = JSON.parse(text) as { error?: { message?: unknown } | string; message?: unknown } | null;
    const error = body?.error;
    const message = typeof error === 'object' ? error?.message : (error ?? body?.message);
    return typeof message === 'string' ? message.slice(0, 500) : undefined;
  } catch {
    // Many servers answer errors with plain text or HTML; the status says enough.
    return undefined;
  }
}
