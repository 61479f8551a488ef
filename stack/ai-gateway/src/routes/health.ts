import type { FastifyInstance } from 'fastify';
import type { Gateway } from '../gateway.ts';

export function registerHealth(app: FastifyInstance, gateway: Gateway): void {
  app.get('/healthz', () => ({ status: 'ok' }));
  app.get('/readyz', (_request, reply) => {
    const readiness = gateway.readiness();
    return reply.code(readiness.status === 'ready' ? 200 : 503).send(readiness);
  });
  app.get('/metrics', async (_request, reply) => {
    const { registry } = gateway.metrics;
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}
