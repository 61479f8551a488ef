import { rpc } from '../rpc/implementer.ts';
import type { ChatService } from './chat-service.ts';

export function createChatRouter(service: ChatService) {
  return {
    list: rpc.chat.list.handler(({ signal }) => service.list(signal)),
    create: rpc.chat.create.handler(() => service.create()),
    remove: rpc.chat.remove.handler(async ({ input }) => {
      await service.remove(input.conversationId);
      return {};
    }),
    rename: rpc.chat.rename.handler(async ({ input }) => {
      await service.rename(input.conversationId, input.title);
      return {};
    }),
    open: rpc.chat.open.handler(({ input, signal }) => service.read(input.conversationId, signal)),
    send: rpc.chat.send.handler(({ input }) => service.send(input)),
    resend: rpc.chat.resend.handler(({ input }) => service.resend(input)),
    stop: rpc.chat.stop.handler(async ({ input }) => {
      await service.stop(input.conversationId);
      return {};
    }),
  };
}
