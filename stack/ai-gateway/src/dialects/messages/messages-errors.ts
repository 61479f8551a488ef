import type { GatewayError } from '../../gateway-error.ts';
import type { ErrorForm } from '../dialect.ts';

const TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

/** Anthropic's own status for "not now, try again". */
const OVERLOADED = 529;

const statusOf = ({ status }: GatewayError): number => (status === 503 ? OVERLOADED : status);

/** Told so, Anthropic's own client goes on without a thread and sends whole conversations. */
function detailsOf({ code, param }: GatewayError): object {
  if (code !== 'unsupported' || param !== 'thread') return {};
  return { details: { error_code: 'thread_unsupported_request', unsupported: ['thread'] } };
}

/** Failures as Anthropic's API tells of them. The code of the gateway is added, for the panel and for people. */
export const messagesErrors: ErrorForm = {
  envelope: (error, requestId) => {
    const status = statusOf(error);
    const type = TYPES[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
    return {
      type: 'error',
      error: { type, message: error.message, code: error.code, param: error.param, ...detailsOf(error) },
      request_id: requestId,
    };
  },
  status: statusOf,
  requestIdHeader: 'request-id',
};
