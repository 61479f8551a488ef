/** What the tests look at in a GGUF file: metadata, and where each tensor lies. Written from the format, not from the writer. */
export interface ParsedGguf {
  readonly version: number;
  readonly metadata: ReadonlyMap<string, unknown>;
  readonly tensors: readonly { name: string; dimensions: readonly number[]; type: number; start: number }[];
}

export function readGguf(file: Buffer): ParsedGguf {
  let at = 4;
  const take = (length: number): number => {
    at += length;
    return at - length;
  };
  const uint32 = (): number => file.readUInt32LE(take(4));
  const uint64 = (): number => Number(file.readBigUInt64LE(take(8)));
  const text = (): string => {
    const length = uint64();
    const start = take(length);
    return file.toString('utf8', start, start + length);
  };
  const value = (type: number): unknown => {
    switch (type) {
      case 4:
        return uint32();
      case 5:
        return file.readInt32LE(take(4));
      case 6:
        return file.readFloatLE(take(4));
      case 7:
        return file.readUInt8(take(1)) === 1;
      case 8:
        return text();
      case 9: {
        const itemType = uint32();
        return Array.from({ length: uint64() }, () => value(itemType));
      }
      default:
        throw new Error(`Unknown value type ${type}`);
    }
  };
  if (file.toString('latin1', 0, 4) !== 'GGUF') throw new Error('Not a GGUF file');
  const version = uint32();
  const tensorCount = uint64();
  const metadata = new Map(Array.from({ length: uint64() }, () => [text(), value(uint32())] as const));
  const described = Array.from({ length: tensorCount }, () => ({
    name: text(),
    dimensions: Array.from({ length: uint32() }, uint64),
    type: uint32(),
    offset: uint64(),
  }));
  const dataStart = Math.ceil(at / 32) * 32;
  return {
    version,
    metadata,
    tensors: described.map(({ offset, ...tensor }) => ({ ...tensor, start: dataStart + offset })),
  };
}
