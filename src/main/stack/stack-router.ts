import { rpc } from '../rpc/implementer.ts';
import type { StackService } from './stack-service.ts';

export function createStackRouter(stack: StackService) {
  return {
    subscribe: rpc.stack.subscribe.handler(({ context, signal }) =>
      stack.subscribe(signal === undefined ? context.signal : AbortSignal.any([signal, context.signal])),
    ),
    plan: rpc.stack.plan.handler(({ input }) => stack.plan(input.direction)),
    start: rpc.stack.start.handler(() => stack.start()),
    stop: rpc.stack.stop.handler(() => stack.stop()),
    restart: rpc.stack.restart.handler(({ input }) => stack.restart(input.service)),
    cancel: rpc.stack.cancel.handler(({ input }) => {
      stack.cancel(input.operationId);
      return {};
    }),
    runs: rpc.stack.runs.handler(({ input }) => stack.runs(input.limit)),
    reconnect: rpc.stack.reconnect.handler(() => {
      stack.reconnect();
      return {};
    }),
    openEndpoint: rpc.stack.openEndpoint.handler(async ({ input }) => {
      await stack.openEndpoint(input.id);
      return {};
    }),
    openWorkspace: rpc.stack.openWorkspace.handler(async () => {
      await stack.openWorkspace();
      return {};
    }),
    moveBusyPort: rpc.stack.moveBusyPort.handler(({ input }) => stack.moveBusyPort(input.port)),
  };
}
