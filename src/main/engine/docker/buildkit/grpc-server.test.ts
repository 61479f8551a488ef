import { type ClientHttp2Session, connect } from 'node:http2';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import {
  frameMessage,
  GRPC_STATUS,
  GrpcError,
  type GrpcHandler,
  readMessages,
  serveGrpc,
} from './grpc-server.ts';

const undo: (() => void)[] = [];
afterEach(() => {
  for (const step of undo.splice(0)) step();
});

/** A client on the other end of one connection that is open already. */
async function clientOf(handlers: Readonly<Record<string, GrpcHandler>>): Promise<ClientHttp2Session> {
  let server: Server | undefined;
  const accepted = new Promise<Socket>((resolve) => {
    server = createServer(resolve).listen(0, '127.0.0.1');
  });
  await new Promise((resolve) => server?.once('listening', resolve));
  const address = server?.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const socket = createConnection(port, '127.0.0.1');
  const served = serveGrpc(await accepted, new Map(Object.entries(handlers)));
  const client = connect('http://session', { createConnection: () => socket });
  client.on('error', () => {});
  undo.push(() => {
    client.destroy();
    served.close();
    server?.close();
  });
  return client;
}

async function call(client: ClientHttp2Session, path: string, messages: readonly Buffer[], headers = {}) {
  const stream = client.request({
    ':path': path,
    ':method': 'POST',
    'content-type': 'application/grpc',
    ...headers,
  });
  let trailers: Record<string, unknown> = {};
  stream.on('trailers', (given) => {
    trailers = given;
  });
  for (const message of messages) stream.write(frameMessage(message));
  stream.end();
  const answers: string[] = [];
  for await (const answer of readMessages(stream as AsyncIterable<Buffer>)) answers.push(answer.toString());
  return { answers, status: Number(trailers['grpc-status']), message: String(trailers['grpc-message']) };
}

const echo: GrpcHandler = async ({ messages, send }) => {
  for await (const message of messages) await send(Buffer.concat([Buffer.from('> '), message]));
};

describe('messages in frames', () => {
  it('are the same however the bytes are cut', async () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 });
    const texts = fc.array(fc.string({ maxLength: 40 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(texts, cuts, async (sent, sizes) => {
        const all = Buffer.concat(sent.map((text) => frameMessage(Buffer.from(text))));
        const pieces = async function* () {
          for (let at = 0, index = 0; at < all.length; index += 1) {
            const size = sizes[index % sizes.length] ?? 1;
            yield all.subarray(at, at + size);
            at += size;
          }
        };
        const got: string[] = [];
        for await (const message of readMessages(pieces())) got.push(message.toString());
        expect(got).toEqual(sent);
      }),
    );
  });

  it.each([
    ['compressed', '0100000001aa', GRPC_STATUS.unimplemented],
    ['longer than anything that a builder asks', '00ffffffff', GRPC_STATUS.unknown],
  ])('are refused when they are %s', async (_, hex, status) => {
    const pieces = async function* () {
      yield Buffer.from(hex, 'hex');
    };
    await expect(readMessages(pieces()).next()).rejects.toMatchObject({ status });
  });
});

describe('serveGrpc', () => {
  it('answers several calls on one connection, each with its own messages', async () => {
    const client = await clientOf({ '/a.B/Echo': echo });
    const calls = ['one', 'two', 'three'].map((text) =>
      call(client, '/a.B/Echo', [Buffer.from(text), Buffer.from('!')]),
    );
    const answers = await Promise.all(calls);
    expect(answers.map((one) => one.answers)).toEqual([
      ['> one', '> !'],
      ['> two', '> !'],
      ['> three', '> !'],
    ]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([GRPC_STATUS.ok]));
  });

  it('carries more than the connection takes at once', async () => {
    const client = await clientOf({ '/a.B/Echo': echo });
    const big = Buffer.alloc(1_000_000, 'x');
    const { answers } = await call(client, '/a.B/Echo', [big, big]);
    expect(answers.map(({ length }) => length)).toEqual([1_000_002, 1_000_002]);
  });

  it('says what is not offered, and what went wrong, by status', async () => {
    const client = await clientOf({
      '/a.B/Missing': async () => {
        throw new GrpcError(GRPC_STATUS.notFound, 'no such thing – 100 %');
      },
      '/a.B/Broken': async () => {
        throw new Error('oops');
      },
    });
    expect(await call(client, '/a.B/Other', [])).toMatchObject({
      answers: [],
      status: GRPC_STATUS.unimplemented,
    });
    const missing = await call(client, '/a.B/Missing', []);
    expect(missing.status).toBe(GRPC_STATUS.notFound);
    expect(decodeURIComponent(missing.message)).toBe('no such thing – 100 %');
    expect(await call(client, '/a.B/Broken', [])).toMatchObject({
      status: GRPC_STATUS.unknown,
      message: 'oops',
    });
  });

  it('keeps repeated headers apart, commas and all', async () => {
    const client = await clientOf({
      '/a.B/Headers': async ({ header, send }) =>
        send(Buffer.from(JSON.stringify(header('exclude-patterns')))),
    });
    const headers = { 'exclude-patterns': ['a,b', 'c'] };
    const { answers } = await call(client, '/a.B/Headers', [], headers);
    expect(answers).toEqual(['["a,b","c"]']);
  });
});
