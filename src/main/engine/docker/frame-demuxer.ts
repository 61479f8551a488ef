export type FrameStream = 'stdout' | 'stderr';

/**
 * Payload of one frame. `first` is false for the later parts of a frame that is larger than the limit.
 * The buffer belongs to the receiver only until it returns.
 */
export type FrameHandler = (stream: FrameStream, payload: Buffer, first: boolean) => void;

const HEADER_BYTES = 8;
const DEFAULT_MAX_FRAME_BYTES = 1024 * 1024;

/**
 * Takes apart the Engine's multiplexed stream: `[type, 0, 0, 0, length as uint32 BE]` and then the payload.
 *
 * Linear in the bytes, whatever the chunks are: a frame inside one chunk is handed on without a copy, one that
 * spans chunks is joined once. At most `maxFrameBytes` are held; a longer frame is handed on in parts.
 */
export class FrameDemuxer {
  readonly #onFrame: FrameHandler;
  readonly #maxFrameBytes: number;
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerFilled = 0;
  #stream: FrameStream = 'stdout';
  #remaining = 0;
  #parts: Buffer[] = [];
  #partBytes = 0;
  #first = true;

  constructor(onFrame: FrameHandler, maxFrameBytes = DEFAULT_MAX_FRAME_BYTES) {
    this.#onFrame = onFrame;
    this.#maxFrameBytes = maxFrameBytes;
  }

  /** @throws {FrameError} when the bytes are no frames; the stream cannot be read any further then. */
  push(chunk: Buffer): void {
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#headerFilled < HEADER_BYTES) {
        offset += this.#readHeader(chunk, offset);
        continue;
      }
      const take = Math.min(this.#remaining, chunk.length - offset, this.#maxFrameBytes - this.#partBytes);
      this.#readPayload(chunk.subarray(offset, offset + take));
      offset += take;
    }
  }

  #readHeader(chunk: Buffer, offset: number): number {
    const take = Math.min(HEADER_BYTES - this.#headerFilled, chunk.length - offset);
    chunk.copy(this.#header, this.#headerFilled, offset, offset + take);
    this.#headerFilled += take;
    if (this.#headerFilled === HEADER_BYTES) this.#startFrame();
    return take;
  }

  #startFrame(): void {
    const type = this.#header[0] ?? 255;
    if (type > 2 || this.#header.readUIntBE(1, 3) !== 0) throw new FrameError(type);
    this.#stream = type === 2 ? 'stderr' : 'stdout';
    this.#remaining = this.#header.readUInt32BE(4);
    this.#first = true;
    if (this.#remaining === 0) this.#headerFilled = 0;
  }

  #readPayload(piece: Buffer): void {
    this.#remaining -= piece.length;
    const isComplete = this.#remaining === 0;
    if (!isComplete && this.#partBytes + piece.length < this.#maxFrameBytes) {
      this.#parts.push(piece);
      this.#partBytes += piece.length;
      return;
    }
    const payload = this.#parts.length === 0 ? piece : Buffer.concat([...this.#parts, piece]);
    this.#parts = [];
    this.#partBytes = 0;
    if (isComplete) this.#headerFilled = 0;
    const first = this.#first;
    this.#first = false;
    this.#onFrame(this.#stream, payload, first);
  }
}

/** The bytes are not multiplexed: the container has a terminal after all, or bytes were lost. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
  constructor(type: number) {
    super(`The log stream of the engine is damaged (frame type ${type}).`);
  }
}
