import { rpc } from '../rpc/implementer.ts';
import type { ModelsService } from './models-service.ts';

export function createModelsRouter(service: ModelsService) {
  return {
    subscribe: rpc.models.subscribe.handler(({ signal }) => service.subscribe(signal)),
    findOllama: rpc.models.findOllama.handler(() => service.findOllama()),
    probeUpstream: rpc.models.probeUpstream.handler(({ input }) =>
      service.probe(input.baseUrl, input.apiKey),
    ),
    chooseDemo: rpc.models.chooseDemo.handler(async () => {
      await service.chooseDemo();
      return {};
    }),
    chooseUpstream: rpc.models.chooseUpstream.handler(async ({ input }) => {
      await service.chooseUpstream(input);
      return {};
    }),
    chooseGguf: rpc.models.chooseGguf.handler(async () => ({ chosen: await service.chooseGguf() })),
  };
}
