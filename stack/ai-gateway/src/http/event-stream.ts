import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { SentEvent } from '../dialects/dialect.ts';
import { limitUnread } from './unread-answer.ts';

export interface EventStream {
  /** Waits while the client reads slower than the backend writes. */
  send(events: readonly SentEvent[]): Promise<void>;
  /** The last events; does nothing when the client is gone. */
  end(events: readonly SentEvent[]): void;
}

export interface StreamTimes {
  /** Between comments while nothing else is sent; 0: none. */
  readonly pingMs: number;
  /** How long a client may read nothing of what is ready for it; 0: for ever. */
  readonly writeMs: number;
}

/** A remembered answer comes without pauses; it must not be put together in memory a second time. */
const MAX_PENDING = 64 * 1024;

/** Starts a server-sent event answer whose chunks leave at once, with comment pings while nothing else is sent. */
export function openEventStream(
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
  { pingMs, writeMs }: StreamTimes,
  signal: AbortSignal,
): EventStream {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    connection: 'keep-alive',
    ...headers,
  });
  let pending = '';
  let isScheduled = true;
  const flush = (): void => {
    isScheduled = false;
    if (response.destroyed || response.writableEnded) return;
    const text = pending;
    pending = '';
    if (text === '') response.flushHeaders();
    else response.write(text);
  };
  // What one piece of the upstream's answer holds leaves in one packet, with the head if that is still here.
  process.nextTick(flush);
  response.socket?.setNoDelay(true);
  const ping =
    pingMs > 0
      ? setInterval(() => {
          // Who does not read needs no sign of life.
          if (!response.writableNeedDrain) response.write(': ping\n\n');
        }, pingMs)
      : undefined;
  response.once('close', () => clearInterval(ping));
  return {
    send: async (events) => {
      if (events.length === 0) return;
      ping?.refresh();
      pending += events.map(toText).join('');
      if (pending.length > MAX_PENDING) flush();
      else if (!isScheduled) {
        isScheduled = true;
        process.nextTick(flush);
      }
      if (response.writableNeedDrain) await drained(response, writeMs, signal);
    },
    end: (events) => {
      clearInterval(ping);
      if (!response.destroyed) response.end(pending + events.map(toText).join(''));
      pending = '';
      limitUnread(response, writeMs);
    },
  };
}

/** A client that reads nothing for too long is let go: it holds a slot that others wait for. */
async function drained(response: ServerResponse, limitMs: number, signal: AbortSignal): Promise<void> {
  const timer = limitMs > 0 ? setTimeout(() => response.destroy(), limitMs) : undefined;
  try {
    await once(response, 'drain', { signal });
  } finally {
    clearTimeout(timer);
  }
}

function toText({ data, event }: SentEvent): string {
  return event === undefined ? `data: ${data}\n\n` : `event: ${event}\ndata: ${data}\n\n`;
}
