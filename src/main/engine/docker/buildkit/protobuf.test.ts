import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readProto, writeProto } from './protobuf.ts';

const field = fc.integer({ min: 1, max: 536_870_911 });
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));

describe('protobuf', () => {
  it('reads what it has written', () => {
    const values = fc.uniqueArray(
      fc.tuple(
        field,
        fc.oneof(
          fc.integer(),
          fc.string({ minLength: 1 }),
          bytes.filter(({ length }) => length > 0),
        ),
      ),
      { selector: ([number]) => number, maxLength: 20 },
    );
    fc.assert(
      fc.property(values, (fields) => {
        const message = readProto(writeProto(...fields));
        for (const [number, value] of fields)
          if (typeof value === 'number') expect(message.number(number)).toBe(value);
          else expect(message.all(number)).toEqual([Buffer.from(value)]);
      }),
    );
  });

  it('is byte for byte as the documentation of the format has it', () => {
    expect(writeProto([1, 150]).toString('hex')).toBe('089601');
    expect(writeProto([2, 'testing']).toString('hex')).toBe('120774657374696e67');
    expect(writeProto([1, -2]).toString('hex')).toBe('08feffffffffffffffff01');
    expect(writeProto([1, 0], [2, ''], [3, undefined]).length).toBe(0);
  });

  it('skips fields of fixed length and keeps all of a repeated one in order', () => {
    const fixed = Buffer.from(`09${'01'.repeat(8)}15${'02'.repeat(4)}`, 'hex');
    const message = readProto(Buffer.concat([fixed, writeProto([4, 'a'], [4, 'b'], [5, 7])]));
    expect(message.all(4).map(String)).toEqual(['a', 'b']);
    expect(message.text(4)).toBe('b');
    expect(message.number(5)).toBe(7);
    expect(message.has(6)).toBe(false);
  });

  it('says that a message is damaged instead of reading past its end', () => {
    fc.assert(
      fc.property(bytes, (message) => {
        try {
          readProto(message);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
    expect(() => readProto(Buffer.from('12ff', 'hex'))).toThrow(RangeError);
    expect(() => readProto(Buffer.from('08ff', 'hex'))).toThrow(/middle of a number/);
    expect(() => readProto(Buffer.from('0b', 'hex'))).toThrow(/unknown type 3/);
  });
});
