const BYTES = 4;

/** A vector as OpenAI packs it: 32-bit floats, little-endian, in base64. */
export function toBase64(vector: readonly unknown[]): string {
  const buffer = Buffer.alloc(vector.length * BYTES);
  for (const [index, value] of vector.entries())
    buffer.writeFloatLE(typeof value === 'number' ? value : Number.NaN, index * BYTES);
  return buffer.toString('base64');
}

export function fromBase64(text: string): number[] {
  const buffer = Buffer.from(text, 'base64');
  return Array.from({ length: Math.floor(buffer.length / BYTES) }, (_, index) =>
    buffer.readFloatLE(index * BYTES),
  );
}
