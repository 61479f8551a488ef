import type { IncomingHttpHeaders } from 'node:http';
import { isJsonObject, type JsonObject } from '../../json.ts';
import { withRawText } from '../../raw-text.ts';
import type { BackendAnswer } from '../backend.ts';
import { EventReader } from './read-events.ts';
import { toUpstreamError, upstreamCut, upstreamNotJson, upstreamStatus } from './upstream-errors.ts';
import { readAll, readStart, type UpstreamExchange } from './upstream-exchange.ts';

export interface AnswerReading {
  readonly exchange: UpstreamExchange;
  readonly address: string;
  readonly limits: { readonly answerBytes: number; readonly eventBytes: number };
  readonly signal: AbortSignal;
  /** A stream that has begun has failed; nobody can be asked again, but the circuit breaker learns. */
  readonly onFailure: (error: unknown) => void;
  /** With the first chunk of a stream: servers send it when they have the first token. */
  readonly onFirstToken: () => void;
}

const MAX_ERROR_BYTES = 64 * 1024;
/**
 * How long a stream's first event is waited for before the caller gets the head of its answer: until then a failure
 * still has a status, and another backend may be asked. After that the caller's connection wants signs of life.
 */
const FIRST_EVENT_MS = 1000;

/** Reads what follows a head with status 200, of the kind that the head says. */
export async function readAnswer(
  headers: IncomingHttpHeaders,
  reading: AnswerReading,
): Promise<BackendAnswer> {
  const { address, exchange, limits, signal } = reading;
  const type = headers['content-type'] ?? '';
  const encoding = headers['content-encoding'] ?? 'identity';
  try {
    // Nobody has asked for compression; a few bytes could unfold into gigabytes.
    if (encoding !== 'identity') throw upstreamNotJson(address, `content-encoding: ${encoding}`, 'elsewhere');
    if (type.startsWith('text/html'))
      throw upstreamNotJson(address, await readStart(exchange, MAX_ERROR_BYTES), 'elsewhere');
    if (type.includes('text/event-stream')) return { kind: 'stream', chunks: await openStream(reading) };
    const text = (await readAll(exchange, limits.answerBytes)).toString('utf8');
    return { kind: 'whole', body: parse(text, address) };
  } catch (error) {
    exchange.close();
    signal.throwIfAborted();
    throw toUpstreamError(error, address, true);
  }
}

/** Resolves with the first event, or when it has been waited for long enough. */
async function openStream(reading: AnswerReading): Promise<AsyncGenerator<JsonObject>> {
  const { address, exchange, limits } = reading;
  const events = new EventReader(exchange, limits.eventBytes);
  const first = events.next();
  let timer: NodeJS.Timeout | undefined;
  const isLate = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, FIRST_EVENT_MS, 'late');
  });
  try {
    const read = await Promise.race([first, isLate]);
    if (read === undefined) throw upstreamCut(address, undefined, 'again');
    // An error instead of a first word is as good as a status.
    if (read !== 'late' && read[0] !== undefined && read[0] !== '[DONE]') parseChunk(read[0], address);
  } finally {
    clearTimeout(timer);
  }
  // Whoever reads the stream hears of it.
  first.catch(() => undefined);
  return readChunks(first, events, reading);
}

async function* readChunks(
  first: Promise<readonly string[] | undefined>,
  events: EventReader,
  { address, exchange, onFailure, onFirstToken, signal }: AnswerReading,
): AsyncGenerator<JsonObject> {
  let isFinished = false;
  let isFirst = true;
  try {
    reading: for (let read = await first; read !== undefined; read = await events.next()) {
      for (const data of read) {
        if (data === '[DONE]') {
          isFinished = true;
          break reading;
        }
        const chunk = parseChunk(data, address);
        if (hasFinished(chunk)) isFinished = true;
        if (isFirst) onFirstToken();
        isFirst = false;
        yield data.includes('\n') ? chunk : withRawText(chunk, data);
      }
    }
    // A server that simply hangs up would otherwise pass for a complete answer.
    if (!isFinished) throw upstreamCut(address);
  } catch (error) {
    signal.throwIfAborted();
    const failure = toUpstreamError(error, address, true);
    onFailure(failure);
    throw failure;
  } finally {
    if (isFinished) exchange.release();
    else exchange.close();
  }
}

function parseChunk(data: string, address: string): JsonObject {
  const chunk = parse(data, address);
  if (chunk.error === undefined || chunk.error === null) return chunk;
  throw upstreamStatus(address, statusIn(chunk.error) ?? 502, data);
}

/** llama-server and vLLM put the status that they could no longer send into the error. */
function statusIn(error: unknown): number | undefined {
  const code = isJsonObject(error) ? error.code : undefined;
  return typeof code === 'number' && code >= 400 && code <= 599 ? code : undefined;
}

function parse(text: string, address: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return value;
  } catch {
    // Not JSON at all.
  }
  throw upstreamNotJson(address, text);
}

function hasFinished({ choices }: JsonObject): boolean {
  if (!Array.isArray(choices)) return false;
  return choices.some(
    (choice: unknown) =>
      isJsonObject(choice) && choice.finish_reason !== null && choice.finish_reason !== undefined,
  );
}
