import { describe, expect, it } from 'vitest';
import { createFramedLogDecoder, createTtyLogDecoder } from './log-decoder.ts';

const T1 = '2026-01-02T03:04:05.123456789Z';
const T2 = '2026-01-02T03:04:06.000000001Z';
const at = (stamp: string) => Math.floor(Date.parse(`${stamp.slice(0, 23)}Z`));

function frame(type: number, text: string): Buffer {
  const payload = Buffer.from(text);
  const header = Buffer.alloc(8);
  header[0] = type;
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

describe('log decoders', () => {
  it('takes the time off each frame and keeps the streams apart', () => {
    const bytes = Buffer.concat([frame(1, `${T1} one\n`), frame(2, `${T2} two\n`)]);
    expect(createFramedLogDecoder().push(bytes)).toEqual([
      { at: at(T1), stream: 'stdout', text: 'one' },
      { at: at(T2), stream: 'stderr', text: 'two' },
    ]);
  });

  it('joins the parts of a long line, each of which has a time of its own', () => {
    const decoder = createFramedLogDecoder();
    decoder.push(frame(1, `${T1} first half, `));
    expect(decoder.push(frame(1, `${T2} second half\n`))).toEqual([
      { at: at(T1), stream: 'stdout', text: 'first half, second half' },
    ]);
  });

  it('keeps text without a time', () => {
    const decoder = createFramedLogDecoder();
    expect(decoder.push(frame(1, 'no time here\n')).map(({ text }) => text)).toEqual(['no time here']);
  });

  it('gives the last line at the end although it has no line break', () => {
    const decoder = createTtyLogDecoder();
    expect(decoder.push(Buffer.from(`${T1} one\r\n${T2} two`))).toEqual([
      { at: at(T1), stream: 'stdout', text: 'one' },
    ]);
    expect(decoder.end()).toEqual([{ at: at(T2), stream: 'stdout', text: 'two' }]);
  });
});
