import { rpc } from '../rpc/implementer.ts';
import type { GatewayClient } from './gateway-client.ts';
import type { GatewayMonitor } from './gateway-monitor.ts';

type Admin = Pick<
  GatewayClient,
  | 'createKey'
  | 'dryRunSkills'
  | 'keys'
  | 'releaseSkills'
  | 'removeKey'
  | 'rollBackSkills'
  | 'rotateKey'
  | 'settings'
  | 'skillHistory'
  | 'updateKey'
>;

export function createGatewayRouter(monitor: GatewayMonitor, admin: Admin) {
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
    settings: rpc.gateway.settings.handler(() => admin.settings()),
    keys: {
      list: rpc.gateway.keys.list.handler(() => admin.keys()),
      create: rpc.gateway.keys.create.handler(({ input }) => admin.createKey(input)),
      update: rpc.gateway.keys.update.handler(({ input }) => admin.updateKey(input.id, input.settings)),
      rotate: rpc.gateway.keys.rotate.handler(({ input }) => admin.rotateKey(input.id)),
      remove: rpc.gateway.keys.remove.handler(async ({ input }) => {
        await admin.removeKey(input.id);
        return {};
      }),
    },
    skills: {
      history: rpc.gateway.skills.history.handler(() => admin.skillHistory()),
      rollBack: rpc.gateway.skills.rollBack.handler(({ input }) => admin.rollBackSkills(input.generation)),
      release: rpc.gateway.skills.release.handler(() => admin.releaseSkills()),
      dryRun: rpc.gateway.skills.dryRun.handler(({ input }) => admin.dryRunSkills(input)),
    },
  };
}
