import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../../shared/contract.ts';

/** Every call the window can make, typed by the contract. */
export type RpcClient = ContractRouterClient<Contract>;

export interface Connection {
  readonly client: RpcClient;
  /** Called once when main has closed the port: nothing works until the window is loaded anew. */
  onClose(listener: () => void): void;
}

const READY_MESSAGE = 'skilldeck:ready';
const PORT_MESSAGE = 'skilldeck:port';

/**
 * Waits for the MessagePort that the preload hands over.
 *
 * The page speaks first: a port posted before anybody listens would be lost.
 */
export function receivePort(target: Window, signal?: AbortSignal): Promise<MessagePort> {
  return new Promise((resolve, reject) => {
    const finish = () => {
      target.removeEventListener('message', handleMessage);
      signal?.removeEventListener('abort', handleAbort);
    };
    const handleAbort = () => {
      finish();
      reject(new DOMException('Aborted', 'AbortError'));
    };
    const handleMessage = (event: MessageEvent) => {
      const port = event.ports[0];
      if (event.source !== target || event.data !== PORT_MESSAGE || !port) return;
      finish();
      resolve(port);
    };
    target.addEventListener('message', handleMessage);
    signal?.addEventListener('abort', handleAbort, { once: true });
    target.postMessage(READY_MESSAGE, '*');
  });
}

/** The client is wrapped in an object: it is a proxy that answers to any name, so no promise may resolve with it. */
export async function connect(): Promise<Connection> {
  const port = await receivePort(window);
  const client = createORPCClient<RpcClient>(new RPCLink({ port }));
  port.start();
  return { client, onClose: (listener) => port.addEventListener('close', listener, { once: true }) };
}
