/** A metadata value of the GGUF format; only the kinds that a llama model needs. */
export type GgufValue =
  | { readonly kind: 'uint32'; readonly value: number }
  | { readonly kind: 'float32'; readonly value: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'int32s'; readonly value: readonly number[] };

const TYPE = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 } as const;

export function encodeUint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

export function encodeUint64(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
}

export function encodeString(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  return Buffer.concat([encodeUint64(bytes.length), bytes]);
}

function encodeFloat32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeFloatLE(value);
  return buffer;
}

function encodeInt32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32LE(value);
  return buffer;
}

/** A value with its type in front, as it follows a key. */
export function encodeValue(entry: GgufValue): Buffer {
  switch (entry.kind) {
    case 'uint32':
      return Buffer.concat([encodeUint32(TYPE.uint32), encodeUint32(entry.value)]);
    case 'float32':
      return Buffer.concat([encodeUint32(TYPE.float32), encodeFloat32(entry.value)]);
    case 'bool':
      return Buffer.concat([encodeUint32(TYPE.bool), Buffer.from([entry.value ? 1 : 0])]);
    case 'string':
      return Buffer.concat([encodeUint32(TYPE.string), encodeString(entry.value)]);
    case 'strings':
      return encodeArray(TYPE.string, entry.value.map(encodeString));
    case 'floats':
      return encodeArray(TYPE.float32, entry.value.map(encodeFloat32));
    case 'int32s':
      return encodeArray(TYPE.int32, entry.value.map(encodeInt32));
  }
}

function encodeArray(type: number, items: readonly Buffer[]): Buffer {
  return Buffer.concat([encodeUint32(TYPE.array), encodeUint32(type), encodeUint64(items.length), ...items]);
}
