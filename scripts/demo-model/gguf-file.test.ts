import { describe, expect, it } from 'vitest';
import { encodeGguf } from './gguf-file.ts';
import type { GgufValue } from './gguf-values.ts';
import { readGguf } from './read-gguf.ts';

const values: readonly (readonly [string, GgufValue])[] = [
  ['a.count', { kind: 'uint32', value: 4_000_000_000 }],
  ['a.real', { kind: 'float32', value: 0.5 }],
  ['a.flag', { kind: 'bool', value: true }],
  ['a.text', { kind: 'string', value: '中文 ▁' }],
  ['a.texts', { kind: 'strings', value: ['', 'x'] }],
  ['a.reals', { kind: 'floats', value: [-1, 2] }],
  ['a.integers', { kind: 'int32s', value: [-3, 3] }],
];

describe('encodeGguf', () => {
  it('writes every kind of metadata so that a reader gets it back', () => {
    const { version, metadata } = readGguf(encodeGguf(new Map(values), []));
    expect(version).toBe(3);
    expect(metadata).toEqual(new Map(values.map(([key, entry]) => [key, entry.value])));
  });

  it('aligns every tensor to 32 bytes and stores 16-bit floats', () => {
    const file = encodeGguf(new Map(), [
      { name: 'odd', dimensions: [3], type: 'f32', values: new Float32Array([1, 2, 3]) },
      { name: 'half', dimensions: [2, 2], type: 'f16', values: new Float32Array([1, -20, 0.5, 0]) },
    ]);
    const [odd, half] = readGguf(file).tensors;
    expect(odd?.start).toBe(Math.ceil((odd?.start ?? 1) / 32) * 32);
    expect(half?.start).toBe((odd?.start ?? 0) + 32);
    expect(file.readFloatLE((odd?.start ?? 0) + 8)).toBe(3);
    expect([0, 2, 4, 6].map((at) => file.readUInt16LE((half?.start ?? 0) + at))).toEqual([
      0x3c00, 0xcd00, 0x3800, 0,
    ]);
  });

  it('refuses a tensor whose values do not fill its dimensions', () => {
    const tensor = { name: 't', dimensions: [2, 2], type: 'f32', values: new Float32Array(3) } as const;
    expect(() => encodeGguf(new Map(), [tensor])).toThrow('t: 3 values for 4 places');
  });
});
