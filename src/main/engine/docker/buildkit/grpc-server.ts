import {
  createServer,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Duplex } from 'node:stream';

/** Codes of https://grpc.io/docs/guides/status-codes/ that are used here. */
export const GRPC_STATUS = { ok: 0, unknown: 2, notFound: 5, unimplemented: 12, unavailable: 14 } as const;

export class GrpcError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** One call of the other side: its messages come and go until the handler returns. */
export interface GrpcCall {
  /** All values of a header of the call. */
  readonly header: (name: string) => readonly string[];
  readonly messages: AsyncIterable<Buffer>;
  /** Resolves when the connection takes more. */
  readonly send: (message: Buffer) => Promise<void>;
}

export type GrpcHandler = (call: GrpcCall) => Promise<void>;

/** The other side's are small; a longer one is a mistake. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
const PREFIX_BYTES = 5;

/**
 * Serves gRPC on one connection that is open already, as BuildKit's session is.
 *
 * Own code, as the format is five bytes before each message, and the libraries for it cost the panel's start more
 * than all else of a build.
 *
 * @param handlers by `/package.Service/Method`
 */
export function serveGrpc(socket: Duplex, handlers: ReadonlyMap<string, GrpcHandler>): { close: () => void } {
  const server = createServer();
  const sessions = new Set<Http2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => {});
  });
  const handleStream = (
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    _flags: number,
    // Missing in the types of Node 20.
    rawHeaders: readonly string[] = [],
  ) => {
    // A call that the other side gave up is its matter.
    stream.on('error', () => {});
    void answer(stream, handlers.get(headers[':path'] ?? ''), rawHeaders);
  };
  server.on('stream', handleStream as (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void);
  socket.on('error', () => {});
  server.emit('connection', socket);
  return {
    close: () => {
      for (const session of sessions) session.destroy();
      socket.destroy();
    },
  };
}

async function answer(
  stream: ServerHttp2Stream,
  handler: GrpcHandler | undefined,
  rawHeaders: readonly string[],
): Promise<void> {
  let status: number = GRPC_STATUS.ok;
  let message = '';
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () =>
    stream.sendTrailers({ 'grpc-status': String(status), 'grpc-message': encodeURIComponent(message) }),
  );
  try {
    if (!handler) throw new GrpcError(GRPC_STATUS.unimplemented, 'not offered');
    await handler({
      header: (name) => valuesOf(rawHeaders, name),
      // A handler that has heard enough must not destroy the stream that its answer goes over.
      messages: readMessages(stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>),
      send: (bytes) => sendMessage(stream, bytes),
    });
  } catch (error) {
    status = error instanceof GrpcError ? error.status : GRPC_STATUS.unknown;
    message = error instanceof Error ? error.message : String(error);
  }
  if (stream.destroyed) return;
  stream.end();
  stream.resume();
}

/** Repeated headers stay apart: Node joins them with commas, which patterns may hold. */
function valuesOf(rawHeaders: readonly string[], name: string): readonly string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1] === name);
}

export async function* readMessages(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= PREFIX_BYTES) {
      const length = rest.readUInt32BE(1);
      if (rest[0] !== 0) throw new GrpcError(GRPC_STATUS.unimplemented, 'compressed messages are not read');
      if (length > MAX_MESSAGE_BYTES) throw new GrpcError(GRPC_STATUS.unknown, 'the message is too long');
      if (rest.length < PREFIX_BYTES + length) break;
      yield rest.subarray(PREFIX_BYTES, PREFIX_BYTES + length);
      rest = rest.subarray(PREFIX_BYTES + length);
    }
  }
}

export function frameMessage(message: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(PREFIX_BYTES + message.length);
  framed[0] = 0;
  framed.writeUInt32BE(message.length, 1);
  message.copy(framed, PREFIX_BYTES);
  return framed;
}

function sendMessage(stream: ServerHttp2Stream, message: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    if (stream.destroyed || stream.writableEnded)
      return reject(new GrpcError(GRPC_STATUS.unavailable, 'the call has ended'));
    if (stream.write(frameMessage(message))) return resolve();
    const done = () => {
      stream.off('drain', done);
      stream.off('close', done);
      resolve();
    };
    stream.once('drain', done);
    stream.once('close', done);
  });
}
