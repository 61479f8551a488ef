import { errors } from 'undici';
import { GatewayError } from '../../gateway-error.ts';
import { TooLarge } from './upstream-exchange.ts';

const BROKEN_CONNECTION = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE', 'UND_ERR_ABORTED']);

/** Says in a sentence what went wrong on the way to an upstream. */
export function toUpstreamError(error: unknown, address: string, hasBegun: boolean): GatewayError {
  if (error instanceof GatewayError) return error;
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (error instanceof errors.ConnectTimeoutError) {
    return new GatewayError(
      'upstream_timeout',
      `The model server at ${address} did not accept a connection in time.`,
      {
        hint: 'Check the address and the network.',
        cause: error,
      },
    );
  }
  if (error instanceof errors.HeadersTimeoutError) {
    return new GatewayError(
      'upstream_timeout',
      `The model server at ${address} did not begin to answer in time.`,
      {
        hint: 'It may still be loading the model; try again, or raise timeouts.firstByteMs.',
        cause: error,
      },
    );
  }
  if (error instanceof errors.BodyTimeoutError) {
    return new GatewayError(
      'upstream_timeout',
      `The model server at ${address} stopped in the middle of its answer.`,
      {
        hint: 'Try again, or raise timeouts.idleMs.',
        cause: error,
      },
    );
  }
  if (code === 'ECONNREFUSED') {
    return new GatewayError('upstream_refused', `Nothing listens at ${address}.`, {
      hint: 'Start the model server, or correct the address.',
      cause: error,
    });
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new GatewayError('upstream_refused', `The host name of ${address} is unknown.`, {
      hint: 'Correct the address, or check the name server.',
      cause: error,
    });
  }
  if (error instanceof TooLarge) {
    return new GatewayError(
      'upstream_error',
      `The model server at ${address} sent more than ${error.maxBytes} bytes where one answer was expected.`,
      { hint: 'Look into its log.', cause: error },
    );
  }
  if (BROKEN_CONNECTION.has(code)) {
    return hasBegun
      ? upstreamCut(address, error)
      : new GatewayError(
          'upstream_refused',
          `The model server at ${address} closed the connection without an answer.`,
          {
            hint: 'Look into its log, then try again.',
            cause: error,
          },
        );
  }
  return new GatewayError(
    'upstream_error',
    `The call to the model server at ${address} failed (${code || 'unknown cause'}).`,
    {
      hint: 'The gateway log holds the cause.',
      cause: error,
    },
  );
}

export function upstreamCut(address: string, cause?: unknown): GatewayError {
  return new GatewayError(
    'upstream_cut',
    `The model server at ${address} closed the connection in the middle of its answer.`,
    {
      hint: 'What came before is incomplete; try again.',
      cause,
    },
  );
}

export function upstreamNotJson(address: string, text: string): GatewayError {
  const start = text.slice(0, 60).replace(/\s+/g, ' ');
  return new GatewayError(
    'upstream_not_json',
    `The model server at ${address} did not answer in JSON but with "${start}".`,
    {
      hint: 'The address may be a web page; OpenAI-compatible ones usually end in /v1.',
    },
  );
}

/** An upstream's own refusal, with its words where it has any. */
export function upstreamStatus(address: string, status: number, text: string): GatewayError {
  const said = messageIn(text);
  const words = said === undefined ? '' : ` It says: ${said}`;
  if (status === 401 || status === 403) {
    return new GatewayError(
      'upstream_key_refused',
      `The model server at ${address} refused the API key (${status}).${words}`,
      {
        hint: 'Enter the key again in the settings.',
      },
    );
  }
  if (status === 404) {
    return new GatewayError(
      'model_not_found',
      `The model server at ${address} does not know the model or the path (404).${words}`,
      {
        param: 'model',
      },
    );
  }
  const sentence = `The model server at ${address} answered with status ${status}.${words}`;
  if (status === 429) return new GatewayError('queue_full', sentence, { hint: 'Try again later.' });
  if (status >= 400 && status < 500) return new GatewayError('invalid_request', sentence, { status });
  return new GatewayError('upstream_error', sentence, { hint: 'Look into the log of the model server.' });
}

function messageIn(text: string): string | undefined {
  try {
    const body = JSON.parse(text) as { error?: { message?: unknown } | string } | null;
    const error = body?.error;
    const message = typeof error === 'object' ? error?.message : error;
    return typeof message === 'string' ? message.slice(0, 500) : undefined;
  } catch {
    // Many servers answer errors with plain text or HTML; the status says enough.
    return undefined;
  }
}
