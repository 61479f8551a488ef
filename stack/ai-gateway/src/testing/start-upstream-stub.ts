import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface UpstreamStub {
  /** Ends in /v1. */
  readonly url: string;
  /** Answers `POST /v1/chat/completions`; the list of models is always there. */
  handle: (request: IncomingMessage, response: ServerResponse) => void;
  /** The header of each request, in their order. */
  readonly authorizations: (string | undefined)[];
  /** Made to it so far. */
  readonly connections: number;
  close(): Promise<void>;
}

/** For tests: an upstream inside the test itself, which so decides when each byte comes. */
export async function startUpstreamStub(): Promise<UpstreamStub> {
  const authorizations: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    authorizations.push(request.headers.authorization);
    request.resume();
    if (request.method === 'GET') response.end(JSON.stringify({ data: [{ id: 'stub' }] }));
    else stub.handle(request, response);
  });
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stub: UpstreamStub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    handle: (_request, response) => {
      const message = { role: 'assistant', content: 'hello' };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop' }] }));
    },
    authorizations,
    get connections() {
      return connections;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return stub;
}
