import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Gateway } from '../gateway.ts';
import type { RouteDoc } from '../openapi/route-doc.ts';

const Readiness = z.object({
  status: z.enum(['ready', 'loading', 'unavailable', 'draining']),
  message: z.string().optional(),
  progress: z.number().optional().describe('Of the load, from 0 to 1.'),
});

const DOCS = {
  health: {
    summary: 'Whether the process lives',
    tag: 'operation',
    answer: z.object({ status: z.literal('ok') }),
  },
  ready: {
    summary: 'Whether requests can be answered now; 503 when not',
    tag: 'operation',
    answer: Readiness.meta({ id: 'Readiness' }),
  },
  metrics: { summary: 'Metrics for Prometheus', tag: 'operation', answer: 'text/plain' },
} as const satisfies Record<string, RouteDoc>;

export function registerHealth(app: FastifyInstance, gateway: Gateway): void {
  app.get('/healthz', { config: { doc: DOCS.health } }, () => ({ status: 'ok' }));
  app.get('/readyz', { config: { doc: DOCS.ready } }, (_request, reply) => {
    const readiness = gateway.readiness();
    return reply.code(readiness.status === 'ready' ? 200 : 503).send(readiness);
  });
  app.get('/metrics', { config: { doc: DOCS.metrics } }, async (_request, reply) => {
    const { registry } = gateway.metrics;
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}
