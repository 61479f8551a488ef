import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from './line-splitter.ts';

function split(chunks: readonly Buffer[], maxChars?: number): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line), maxChars);
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return lines;
}

describe('LineSplitter', () => {
  it('gives whole characters and lines however the bytes are cut', () => {
    const text = fc
      .array(fc.constantFrom('a', 'ü', '漢', '🦊', '\n'), { maxLength: 60 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.array(fc.nat(7), { maxLength: 60 }), (whole, sizes) => {
        const bytes = Buffer.from(whole);
        let offset = 0;
        const chunks = sizes.map((size) => {
          offset += size;
          return bytes.subarray(offset - size, offset);
        });
        chunks.push(bytes.subarray(offset));
        const expected = whole.split('\n');
        if (expected.at(-1) === '') expected.pop();
        expect(split(chunks)).toEqual(expected);
      }),
    );
  });

  it('takes off carriage returns at the end of lines only', () => {
    expect(split([Buffer.from('a\r\nb\rc\r\n')])).toEqual(['a', 'b\rc']);
  });

  it('cuts long lines without parting a character', () => {
    expect(split([Buffer.from('abc🦊def'), Buffer.from('\nx')], 4)).toEqual(['abc', '🦊de', 'f', 'x']);
  });

  it('replaces bytes that are no UTF-8', () => {
    expect(split([Buffer.from([0x61, 0xff, 0x0a])])).toEqual(['a\ufffd']);
  });
});
