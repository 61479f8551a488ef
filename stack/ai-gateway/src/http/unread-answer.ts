import type { ServerResponse } from 'node:http';

/**
 * Lets a client go that reads nothing of the end of its answer for so long: its connection, and the words, would wait for
 * ever. One that reads slowly is no such client; Node starts the time anew with all that leaves.
 *
 * @param response one that has ended
 * @param limitMs 0: none
 */
export function limitUnread(response: ServerResponse, limitMs: number): void {
  // All of most answers has left by now.
  if (limitMs === 0 || (response.socket?.writableLength ?? 0) === 0) return;
  response.setTimeout(limitMs, () => response.destroy());
}
