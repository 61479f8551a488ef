import type { MessagePortMainLike } from '@orpc/client/message-port';
import type { AnyRouter } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import type { Logger } from '../lifetime/logger.ts';
import { mapFaults } from './fault-mapping.ts';
import type { RpcContext } from './implementer.ts';

/** Answers calls on one port until it closes. Faults reach the caller as `APP_ERROR`. */
export function createRpcServer(router: AnyRouter, logger: Logger) {
  const handler = new RPCHandler<RpcContext>(router, { clientInterceptors: [mapFaults(logger)] });
  return {
    serve(port: MessagePortMainLike, context: RpcContext): void {
      handler.upgrade(port, { context });
    },
  };
}
