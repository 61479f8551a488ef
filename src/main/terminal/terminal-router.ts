import { rpc } from '../rpc/implementer.ts';
import type { TerminalService } from './terminal-service.ts';

export function createTerminalRouter(service: TerminalService) {
  return {
    open: rpc.terminal.open.handler(({ input, context }) => service.open(input, context.signal)),
    read: rpc.terminal.read.handler(({ input }) => service.read(input.terminalId)),
    write: rpc.terminal.write.handler(({ input }) => {
      service.write(input.terminalId, input.data);
      return {};
    }),
    resize: rpc.terminal.resize.handler(async ({ input }) => {
      await service.resize(input.terminalId, input);
      return {};
    }),
    close: rpc.terminal.close.handler(({ input }) => {
      service.close(input.terminalId);
      return {};
    }),
  };
}
