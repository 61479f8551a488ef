import type { FastifyInstance } from 'fastify';
import type { Gateway } from '../gateway.ts';

export function registerAdminCache(app: FastifyInstance, gateway: Gateway): void {
  app.get('/admin/cache', () => gateway.cache.status);

  app.delete('/admin/cache', async () => {
    gateway.ready.clear();
    await gateway.cache.clear();
    return gateway.cache.status;
  });
}
