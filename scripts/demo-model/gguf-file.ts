import { encodeString, encodeUint32, encodeUint64, encodeValue, type GgufValue } from './gguf-values.ts';

const MAGIC = 'GGUF';
const VERSION = 3;
/** GGUF's default for `general.alignment`. */
const ALIGNMENT = 32;
const TENSOR_TYPE = { f32: 0, f16: 1 } as const;

export interface Tensor {
  readonly name: string;
  /** The length of a row, then the number of rows; a vector has one number only. */
  readonly dimensions: readonly number[];
  readonly type: keyof typeof TENSOR_TYPE;
  readonly values: Float32Array;
}

/**
 * Writes a model file in the GGUF format, version 3.
 *
 * https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export function encodeGguf(metadata: ReadonlyMap<string, GgufValue>, tensors: readonly Tensor[]): Buffer {
  const parts = [
    Buffer.from(MAGIC),
    encodeUint32(VERSION),
    encodeUint64(tensors.length),
    encodeUint64(metadata.size),
    ...[...metadata].flatMap(([key, value]) => [encodeString(key), encodeValue(value)]),
  ];
  const contents = tensors.map(encodeTensorContent);
  let offset = 0;
  tensors.forEach((tensor, index) => {
    parts.push(...describeTensor(tensor, offset));
    offset += contents[index]?.length ?? 0;
  });
  return Buffer.concat([padded(Buffer.concat(parts)), ...contents]);
}

function describeTensor(tensor: Tensor, offset: number): readonly Buffer[] {
  return [
    encodeString(tensor.name),
    encodeUint32(tensor.dimensions.length),
    ...tensor.dimensions.map(encodeUint64),
    encodeUint32(TENSOR_TYPE[tensor.type]),
    encodeUint64(offset),
  ];
}

function encodeTensorContent(tensor: Tensor): Buffer {
  const size = tensor.dimensions.reduce((product, length) => product * length, 1);
  if (size !== tensor.values.length)
    throw new Error(`${tensor.name}: ${tensor.values.length} values for ${size} places`);
  const array = tensor.type === 'f16' ? new Float16Array(tensor.values) : tensor.values;
  return padded(Buffer.from(array.buffer, array.byteOffset, array.byteLength));
}

function padded(buffer: Buffer): Buffer {
  const missing = (ALIGNMENT - (buffer.length % ALIGNMENT)) % ALIGNMENT;
  return missing === 0 ? buffer : Buffer.concat([buffer, Buffer.alloc(missing)]);
}
