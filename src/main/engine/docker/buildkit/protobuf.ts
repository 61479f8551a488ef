/**
 * As much of the protobuf wire format as BuildKit's few messages need, without generated code:
 * https://protobuf.dev/programming-guides/encoding/
 */
export class ProtoFields {
  readonly #numbers: ReadonlyMap<number, number>;
  readonly #bytes: ReadonlyMap<number, readonly Buffer[]>;

  constructor(numbers: ReadonlyMap<number, number>, bytes: ReadonlyMap<number, readonly Buffer[]>) {
    this.#numbers = numbers;
    this.#bytes = bytes;
  }

  number(field: number): number {
    return this.#numbers.get(field) ?? 0;
  }

  /** Of a repeated field: its last. */
  text(field: number): string {
    return this.#bytes.get(field)?.at(-1)?.toString('utf8') ?? '';
  }

  all(field: number): readonly Buffer[] {
    return this.#bytes.get(field) ?? [];
  }

  has(field: number): boolean {
    return this.#bytes.has(field) || this.#numbers.has(field);
  }
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** @throws when the message is damaged */
export function readProto(message: Buffer): ProtoFields {
  const numbers = new Map<number, number>();
  const bytes = new Map<number, Buffer[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[at++];
      if (byte === undefined) break;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('A protobuf message ends in the middle of a number.');
  };
  while (at < message.length) {
    const tag = Number(varint());
    const field = Math.floor(tag / 8);
    switch (tag % 8) {
      case VARINT:
        numbers.set(field, Number(BigInt.asIntN(64, varint())));
        break;
      case FIXED64:
        at += 8;
        break;
      case BYTES: {
        const length = Number(varint());
        if (length > message.length - at)
          throw new RangeError('A protobuf field is longer than its message.');
        const values = bytes.get(field) ?? [];
        values.push(message.subarray(at, at + length));
        bytes.set(field, values);
        at += length;
        break;
      }
      case FIXED32:
        at += 4;
        break;
      default:
        throw new RangeError(`A protobuf field has the unknown type ${tag % 8}.`);
    }
  }
  return new ProtoFields(numbers, bytes);
}

export type ProtoValue = string | Buffer | number | bigint | undefined;

/** Writes fields in the given order; undefined, zero and empty ones are left out, as proto3 does. */
export function writeProto(...fields: readonly (readonly [field: number, value: ProtoValue])[]): Buffer {
  const parts: Buffer[] = [];
  for (const [field, value] of fields) {
    if (value === undefined || value === 0 || value === 0n || value === '') continue;
    if (typeof value === 'number' || typeof value === 'bigint')
      parts.push(varintBytes(BigInt(field * 8 + VARINT)), varintBytes(BigInt(value)));
    else {
      const bytes = typeof value === 'string' ? Buffer.from(value) : value;
      parts.push(varintBytes(BigInt(field * 8 + BYTES)), varintBytes(BigInt(bytes.length)), bytes);
    }
  }
  return Buffer.concat(parts);
}

function varintBytes(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
