import { rpc } from '../rpc/implementer.ts';
import type { LogService } from './log-service.ts';

export function createLogsRouter(service: LogService) {
  return {
    open: rpc.logs.open.handler(({ input, context }) => ({ streamId: service.open(input, context.signal) })),
    read: rpc.logs.read.handler(({ input }) => service.read(input.streamId)),
    close: rpc.logs.close.handler(({ input }) => {
      service.close(input.streamId);
      return {};
    }),
  };
}
