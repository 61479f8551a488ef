import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonLines } from './json-lines.ts';

async function read(chunks: readonly Buffer[], maxLineChars?: number): Promise<unknown[]> {
  const messages: unknown[] = [];
  async function* source() {
    yield* chunks;
  }
  for await (const message of readJsonLines(source(), maxLineChars)) messages.push(message);
  return messages;
}

describe('readJsonLines', () => {
  it('gives the same messages however the bytes are cut', async () => {
    const messages = fc.array(fc.record({ status: fc.string({ unit: 'binary', maxLength: 12 }) }), {
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(messages, fc.array(fc.nat(9), { maxLength: 40 }), async (list, sizes) => {
        const bytes = Buffer.from(list.map((message) => JSON.stringify(message)).join('\r\n'));
        let offset = 0;
        const chunks = sizes.map((size) => {
          offset += size;
          return bytes.subarray(offset - size, offset);
        });
        expect(await read([...chunks, bytes.subarray(offset)])).toEqual(JSON.parse(JSON.stringify(list)));
      }),
    );
  });

  it('skips what is no JSON object and goes on', async () => {
    expect(await read([Buffer.from('{"a":1}\nnot json\n[1]\n3\n\n{"b":2}')])).toEqual([{ a: 1 }, { b: 2 }]);
  });

  it('skips a line beyond the limit instead of holding it', async () => {
    const long = JSON.stringify({ long: 'x'.repeat(100) });
    expect(
      await read([Buffer.from(long.slice(0, 60)), Buffer.from(`${long.slice(60)}\n{"b":2}\n`)], 50),
    ).toEqual([{ b: 2 }]);
  });
});
