import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameDemuxer, FrameError, type FrameStream } from './frame-demuxer.ts';

function frame(stream: FrameStream, payload: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream === 'stdout' ? 1 : 2;
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let offset = 0;
  for (const size of sizes) {
    chunks.push(bytes.subarray(offset, offset + size));
    offset += size;
  }
  return [...chunks, bytes.subarray(offset)];
}

function demux(chunks: readonly Buffer[], maxFrameBytes?: number) {
  const frames: { stream: FrameStream; payload: string; first: boolean }[] = [];
  const demuxer = new FrameDemuxer(
    (stream, payload, first) => frames.push({ stream, payload: payload.toString('hex'), first }),
    maxFrameBytes,
  );
  for (const chunk of chunks) demuxer.push(chunk);
  return frames;
}

describe('FrameDemuxer', () => {
  it('gives the same frames however the bytes are cut', () => {
    const frames = fc.array(
      fc.record({
        stream: fc.constantFrom<FrameStream>('stdout', 'stderr'),
        payload: fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(frames, fc.array(fc.nat(30), { maxLength: 60 }), (list, sizes) => {
        const bytes = Buffer.concat(list.map(({ stream, payload }) => frame(stream, payload)));
        const expected = list.map(({ stream, payload }) => ({
          stream,
          payload: payload.toString('hex'),
          first: true,
        }));
        expect(demux(cut(bytes, sizes))).toEqual(expected);
      }),
    );
  });

  it('takes 64 KiB of empty frames without a deep stack', () => {
    expect(demux([Buffer.concat(Array(8192).fill(frame('stdout', Buffer.alloc(0))))])).toEqual([]);
  });

  it('hands on a frame above the limit in parts that hold no more than the limit', () => {
    const bytes = frame('stderr', Buffer.from('abcdefghij'));
    const text = demux(cut(bytes, [3, 8, 1]), 4).map(({ payload, first }) => [
      Buffer.from(payload, 'hex').toString(),
      first,
    ]);
    expect(text.map(([part]) => part).join('')).toBe('abcdefghij');
    expect(text.map(([, first]) => first)).toEqual([true, ...text.slice(1).map(() => false)]);
    expect(text.every(([part]) => String(part).length <= 4)).toBe(true);
  });

  it('refuses bytes that are no frames', () => {
    expect(() => demux([Buffer.from('plain text of a terminal')])).toThrow(FrameError);
  });
});
