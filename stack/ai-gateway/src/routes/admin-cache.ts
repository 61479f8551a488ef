import type { FastifyInstance } from 'fastify';
import type { Gateway } from '../gateway.ts';

export function registerAdminCache(app: FastifyInstance, gateway: Gateway): void {
  app.get(
    '/admin/cache',
    { config: { doc: { summary: 'What the cache of answers holds', tag: 'admin' } } },
    () => gateway.cache.status,
  );

  app.delete(
    '/admin/cache',
    { config: { doc: { summary: 'Forget all cached answers', tag: 'admin' } } },
    async () => {
      gateway.ready.clear();
      await gateway.cache.clear();
      return gateway.cache.status;
    },
  );
}
