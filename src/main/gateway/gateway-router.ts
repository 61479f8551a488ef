import { rpc } from '../rpc/implementer.ts';
import type { GatewayMonitor } from './gateway-monitor.ts';

export function createGatewayRouter(monitor: GatewayMonitor) {
  return {
    subscribe: rpc.gateway.subscribe.handler(({ signal }) => monitor.subscribe(signal)),
    requests: rpc.gateway.requests.handler(({ input }) => monitor.requests(input.limit)),
    cancelRequest: rpc.gateway.cancelRequest.handler(async ({ input }) => {
      await monitor.cancelRequest(input.requestId);
      return {};
    }),
    loadBackend: rpc.gateway.loadBackend.handler(async ({ input }) => {
      await monitor.loadBackend(input.backend);
      return {};
    }),
    unloadBackend: rpc.gateway.unloadBackend.handler(async ({ input }) => {
      await monitor.unloadBackend(input.backend);
      return {};
    }),
    clearCache: rpc.gateway.clearCache.handler(async () => {
      await monitor.clearCache();
      return {};
    }),
  };
}
