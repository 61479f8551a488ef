import type { Duplex } from 'node:stream';
import type { CommandSession } from '../stack-engine.ts';
import type { ConsoleSize } from './console-size.ts';
import { FrameDemuxer } from './frame-demuxer.ts';

export interface SessionParts {
  readonly socket: Duplex;
  /** With a terminal the bytes come as they are, else in frames. */
  readonly tty: boolean;
  readonly interactive: boolean;
  /** Asked when the output has ended. */
  readonly readExit: () => Promise<{ readonly code: number }>;
  readonly size: ConsoleSize;
  readonly close: () => void;
}

type Chunk = { readonly stream: 'stdout' | 'stderr'; readonly data: Uint8Array };

/** A hijacked connection as a command's session; whoever reads the output sets the pace. */
export function createSession(parts: SessionParts): CommandSession {
  const { socket, tty, interactive, size } = parts;
  // A cut connection ends the session; its exit says the rest.
  socket.on('error', () => {});
  const exit = new Promise<void>((resolve) => socket.once('close', resolve)).then(parts.readExit);
  // Who does not ask for the exit must not be hit by its failure.
  exit.catch(() => {});
  let isClosed = false;
  return {
    output: tty ? size.watch(plainOutput(socket)) : framedOutput(socket),
    exit,
    write: (data) => writeBounded(socket, interactive, data),
    end: () => {
      if (!socket.writableEnded && !socket.destroyed) socket.end();
    },
    resize: (to) => size.set(to),
    close: () => {
      if (isClosed) return;
      isClosed = true;
      parts.close();
    },
  };
}

/** Resolves when there is room for more, or nobody reads any more. */
function writeBounded(socket: Duplex, interactive: boolean, data: Uint8Array): Promise<void> {
  if (!interactive || socket.destroyed || socket.writableEnded || socket.write(data))
    return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.once('drain', done);
    socket.once('close', done);
  });
}

async function* plainOutput(socket: Duplex): AsyncGenerator<Chunk, void, void> {
  try {
    for await (const data of socket as AsyncIterable<Buffer>) yield { stream: 'stdout', data };
  } catch {
    // Destroyed by close() or cut by the engine: both are the end of the output.
  }
}

async function* framedOutput(socket: Duplex): AsyncGenerator<Chunk, void, void> {
  let chunks: Chunk[] = [];
  const demuxer = new FrameDemuxer((stream, payload) => {
    // The frame's buffer is lent; a chunk may be kept by whoever gets it.
    chunks.push({ stream, data: Uint8Array.prototype.slice.call(payload) });
  });
  try {
    for await (const data of socket as AsyncIterable<Buffer>) {
      demuxer.push(data);
      yield* chunks;
      chunks = [];
    }
  } catch {
    // As above.
  }
}
