import type { ServerResponse } from 'node:http';
import { atTurnEnd } from './turn-end.ts';
import { limitUnread } from './unread-answer.ts';

/**
 * Answers with 200 and JSON once all that has arrived in this turn of the event loop has been looked at.
 *
 * A write wakes the process at the other end of the socket, and that costs more than the answer. Those that are written
 * one right after the other find it awake; a lone answer leaves as early as ever.
 *
 * @param rawHeaders names and values in turn
 * @param writeMs how long the client may read nothing of it; 0: for ever
 */
export function endTogether(
  response: ServerResponse,
  rawHeaders: readonly string[],
  text: string,
  writeMs: number,
): void {
  atTurnEnd(() => {
    // Its caller has left meanwhile.
    if (response.destroyed) return;
    try {
      response.writeHead(200, [
        ...rawHeaders,
        'content-type',
        'application/json; charset=utf-8',
        'content-length',
        String(Buffer.byteLength(text)),
      ]);
      response.end(text);
      limitUnread(response, writeMs);
    } catch (error) {
      response.destroy(error instanceof Error ? error : undefined);
    }
  });
}
