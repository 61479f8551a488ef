/**
 * Our log frame demuxer against docker-modem's, on the 64 KiB chunks in which a Unix socket delivers them.
 *
 * Both get the same bytes and must hand on the same amount; alternating rounds, medians.
 */
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { PassThrough, Writable } from 'node:stream';
import { FrameDemuxer } from '../src/main/engine/docker/frame-demuxer.ts';

interface Peer {
  readonly name: string;
  /** Runs through the chunks and returns the payload bytes that came out. */
  readonly run: (chunks: readonly Buffer[]) => number;
}

const CHUNK_BYTES = 64 * 1024;
const CHUNKS = 64;
const ROUNDS = 7;
const LINE_BYTES = 72;

const require = createRequire(import.meta.url);
const modemPackage = require('docker-modem/package.json') as { readonly version: string };
const Modem = require('docker-modem') as new (
  options: object,
) => {
  demuxStream(stream: NodeJS.ReadableStream, stdout: Writable, stderr: Writable): void;
};

const ours: Peer = {
  name: 'skilldeck',
  run: (chunks) => {
    let bytes = 0;
    const demuxer = new FrameDemuxer((_stream, payload) => {
      bytes += payload.length;
    });
    for (const chunk of chunks) demuxer.push(chunk);
    return bytes;
  },
};

const dockerModem: Peer = {
  name: `docker-modem ${modemPackage.version}`,
  run: (chunks) => {
    let bytes = 0;
    const count = new Writable({
      write(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        done();
      },
    });
    const source = new PassThrough();
    new Modem({ socketPath: '/nowhere' }).demuxStream(source, count, count);
    // The listener itself, so that stream plumbing is not counted against it.
    for (const chunk of chunks) source.emit('data', chunk);
    return bytes;
  },
};

/** Frames of one payload size, cut into chunks wherever 64 KiB end. */
function makeChunks(payloadBytes: number): Buffer[] {
  const frame = Buffer.alloc(8 + payloadBytes, 'a');
  frame.fill(0, 0, 8);
  frame[0] = 1;
  frame.writeUInt32BE(payloadBytes, 4);
  const bytes = Buffer.concat(Array(Math.ceil((CHUNK_BYTES * CHUNKS) / frame.length)).fill(frame));
  return Array.from({ length: CHUNKS }, (_, i) => bytes.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES));
}

function compare(payloadBytes: number) {
  const chunks = makeChunks(payloadBytes);
  const times = new Map<Peer, number[]>([
    [ours, []],
    [dockerModem, []],
  ]);
  let expected: number | undefined;
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [peer, list] of times) {
      const start = performance.now();
      const bytes = peer.run(chunks);
      list.push((performance.now() - start) / CHUNKS);
      // docker-modem hands on only whole frames: up to one may be missing at the end.
      expected ??= bytes;
      if (Math.abs(bytes - expected) > payloadBytes)
        throw new Error(`${peer.name} lost bytes: ${bytes} of ${expected}`);
    }
  const [our = 0, theirs = 0] = [...times.values()].map(median);
  return { ratio: round(theirs / our), msPerChunk: round(our), peerMsPerChunk: round(theirs) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}

const lines = compare(LINE_BYTES);
const result = {
  bench: 'demux',
  ratio: lines.ratio,
  msPerChunk: lines.msPerChunk,
  peerMsPerChunk: lines.peerMsPerChunk,
  /** One frame as large as a chunk: hardly any parsing, so mostly copying is compared. */
  largeFrames: compare(CHUNK_BYTES - 8),
  chunkKiB: CHUNK_BYTES / 1024,
  linePayloadBytes: LINE_BYTES,
  against: dockerModem.name,
  cores: availableParallelism(),
};
console.log(JSON.stringify(result));
