import { type RequestList, RequestListSchema, type Traffic, TrafficSchema } from '@skilldeck/agent-skills';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Gateway } from '../gateway.ts';
import { GatewayError } from '../gateway-error.ts';
import type { RouteDoc } from '../openapi/route-doc.ts';

const TrafficQuery = z.object({ since: z.coerce.number().int().min(0).default(0) });
const RequestsQuery = z.object({ limit: z.coerce.number().int().min(1).max(500).default(100) });

const DOCS = {
  traffic: {
    summary: 'The last quarter of an hour by the second',
    tag: 'admin',
    answer: TrafficSchema,
  },
  requests: {
    summary: 'The last requests, without their words',
    tag: 'admin',
    answer: RequestListSchema,
  },
} as const satisfies Record<string, RouteDoc>;

export function registerAdminTraffic(app: FastifyInstance, gateway: Gateway): void {
  app.get('/admin/traffic', { config: { doc: DOCS.traffic } }, (request): Traffic => {
    const query = TrafficQuery.safeParse(request.query);
    if (!query.success)
      throw new GatewayError('invalid_request', '"since" must be a Unix time in seconds.', {
        param: 'since',
      });
    return gateway.traffic.read(query.data.since);
  });

  app.get('/admin/requests', { config: { doc: DOCS.requests } }, (request): RequestList => {
    const query = RequestsQuery.safeParse(request.query);
    if (!query.success)
      throw new GatewayError('invalid_request', '"limit" must be a number from 1 to 500.', {
        param: 'limit',
      });
    return { requests: gateway.requests.list(query.data.limit) };
  });
}
