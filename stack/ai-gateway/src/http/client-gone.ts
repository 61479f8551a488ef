import type { ServerResponse } from 'node:http';

/** Reason of an abort that the caller caused by hanging up. */
export class ClientGone extends Error {
  constructor() {
    super('The client closed the connection.');
    this.name = 'ClientGone';
  }
}

/**
 * A signal that aborts when the client hangs up before the answer is complete.
 *
 * It listens on the response: with the body read, `close` of the request does not fire on a real disconnect in Node 20.
 */
export function abortWhenClientLeaves(response: ServerResponse): AbortController {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort(new ClientGone());
  });
  return controller;
}
