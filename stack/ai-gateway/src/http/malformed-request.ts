import type { Socket } from 'node:net';
import type { ErrorEnvelope } from '@skilldeck/agent-skills';

const STATUS_LINES: Readonly<Record<string, readonly [line: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers of the request are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request did not arrive in time.'],
};
const MALFORMED = ['400 Bad Request', 'This is not HTTP as the gateway understands it.'] as const;

/** Answers, in OpenAI's envelope, to bytes that never became a request; there is no path yet that would name an API. */
export function refuseMalformedRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (socket.destroyed || error.code === 'ECONNRESET') return;
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const [line, message] = STATUS_LINES[error.code ?? ''] ?? MALFORMED;
  const envelope: ErrorEnvelope = {
    error: { message, type: 'invalid_request_error', param: null, code: 'invalid_request' },
  };
  const body = JSON.stringify(envelope);
  const head = `HTTP/1.1 ${line}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}`;
  socket.end(`${head}\r\nconnection: close\r\n\r\n${body}`, () => socket.destroy());
}
