import { StringDecoder } from 'node:string_decoder';

const MAX_LINE_CHARS = 1024 * 1024;

/**
 * Reads one JSON object a line from a stream of the engine (pull, build, events).
 *
 * Own reader because docker-modem's takes `toString()` of each chunk (splits characters), parses unguarded in a
 * listener and keeps every message. Here a line that is no JSON is skipped, and so is one longer than 1 MiB.
 */
export async function* readJsonLines(
  chunks: AsyncIterable<Buffer | string>,
  maxLineChars = MAX_LINE_CHARS,
): AsyncGenerator<Readonly<Record<string, unknown>>, void, void> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let isTooLong = false;
  for await (const chunk of chunks) {
    const lines = (typeof chunk === 'string' ? chunk : decoder.write(chunk)).split('\n');
    for (const [index, piece] of lines.entries()) {
      const isLast = index === lines.length - 1;
      isTooLong ||= rest.length + piece.length > maxLineChars;
      rest = isTooLong ? '' : rest + piece;
      if (isLast) break;
      const message = parseObject(rest);
      rest = '';
      isTooLong = false;
      if (message) yield message;
    }
  }
  const message = parseObject(rest + decoder.end());
  if (message) yield message;
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  const text = line.trim();
  if (text === '') return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : undefined;
  } catch {
    // A stream that was cut ends in half a line; the caller sees the end of the stream.
    return undefined;
  }
}
