import type { EngineLogLine } from '../stack-engine.ts';
import { FrameDemuxer, type FrameStream } from './frame-demuxer.ts';
import { LineSplitter } from './line-splitter.ts';
import { TimestampParser } from './log-timestamp.ts';

const SPACE = 0x20;
/** `2026-01-02T03:04:05.123456789Z` is 30 bytes; an offset instead of Z makes it 35. */
const MAX_STAMP_BYTES = 40;

export interface LogDecoder {
  push(chunk: Buffer): readonly EngineLogLine[];
  /** Lines without a line break at the end of the stream. */
  end(): readonly EngineLogLine[];
}

/** For containers with a terminal: plain text, each line behind its time. */
export function createTtyLogDecoder(): LogDecoder {
  const stamps = new TimestampParser();
  let lines: EngineLogLine[] = [];
  const splitter = new LineSplitter((line) => {
    const space = line.indexOf(' ');
    const at = space > 0 && space <= MAX_STAMP_BYTES ? stamps.parse(line.slice(0, space)) : undefined;
    const text = at === undefined ? line : line.slice(space + 1);
    lines.push({ at: at ?? stamps.last, stream: 'stdout', text });
  });
  const drain = () => {
    const drained = lines;
    lines = [];
    return drained;
  };
  return {
    push: (chunk) => {
      splitter.push(chunk);
      return drain();
    },
    end: () => {
      splitter.end();
      return drain();
    },
  };
}

/**
 * For containers without a terminal: frames, each behind its time.
 *
 * The time stands before every message, not before every line: the parts of a line that is longer than 16 KiB
 * have one each. So it is taken off the frame, before the text is cut into lines.
 */
export function createFramedLogDecoder(): LogDecoder {
  const stamps = new TimestampParser();
  let lines: EngineLogLine[] = [];
  const createChannel = (stream: FrameStream) => {
    const channel = {
      at: 0,
      splitter: new LineSplitter((text) => lines.push({ at: channel.at, stream, text })),
    };
    return channel;
  };
  const channels = { stdout: createChannel('stdout'), stderr: createChannel('stderr') };
  const demuxer = new FrameDemuxer((stream, payload, first) => {
    const channel = channels[stream];
    if (!first) return channel.splitter.push(payload);
    const space = payload.subarray(0, MAX_STAMP_BYTES).indexOf(SPACE);
    const at = space > 0 ? stamps.parse(payload.toString('latin1', 0, space)) : undefined;
    if (channel.splitter.isAtLineStart) channel.at = at ?? stamps.last;
    channel.splitter.push(at === undefined ? payload : payload.subarray(space + 1));
  });
  const drain = () => {
    const drained = lines;
    lines = [];
    return drained;
  };
  return {
    push: (chunk) => {
      demuxer.push(chunk);
      return drain();
    },
    end: () => {
      channels.stdout.splitter.end();
      channels.stderr.splitter.end();
      return drain();
    },
  };
}
