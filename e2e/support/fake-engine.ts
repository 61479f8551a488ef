import { createServer } from 'node:http';
import path from 'node:path';
import type { Workbench } from './workbench.ts';

/** A container engine on a socket of its own that answers only `/version`. */
export async function startFakeEngine(
  workbench: Workbench,
  version: { readonly Version: string; readonly ApiVersion: string; readonly MinAPIVersion: string },
): Promise<{ readonly host: string; stop(): Promise<void> }> {
  const socket = path.join(workbench.root, 'engine.sock');
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(version));
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    host: `unix://${socket}`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
