import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

export interface EventStream {
  /** Waits while the client reads slower than the backend writes. */
  send(data: unknown): Promise<void>;
  end(): void;
}

/** Starts a server-sent event answer whose chunks leave at once, with comment pings while nothing else is sent. */
export function openEventStream(
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
  pingMs: number,
  signal: AbortSignal,
): EventStream {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    connection: 'keep-alive',
    ...headers,
  });
  response.flushHeaders();
  response.socket?.setNoDelay(true);
  const ping = pingMs > 0 ? setInterval(() => response.write(': ping\n\n'), pingMs) : undefined;
  response.once('close', () => clearInterval(ping));
  return {
    send: async (data) => {
      ping?.refresh();
      if (!response.write(`data: ${JSON.stringify(data)}\n\n`)) await once(response, 'drain', { signal });
    },
    end: () => {
      clearInterval(ping);
      response.end('data: [DONE]\n\n');
    },
  };
}
