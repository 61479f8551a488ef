import { GatewayStatusSchema } from '@skilldeck/agent-skills';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Gateway } from '../gateway.ts';
import { GatewayError } from '../gateway-error.ts';
import type { RouteDoc } from '../openapi/route-doc.ts';

const QueueSchema = GatewayStatusSchema.pick({
  inFlight: true,
  queueDepth: true,
  maxConcurrent: true,
  maxQueue: true,
  running: true,
  waiting: true,
});

const DOCS = {
  list: { summary: 'Who holds a slot and who waits for one', tag: 'admin', answer: QueueSchema },
  cancel: { summary: 'End a request that waits or runs', tag: 'admin', answer: z.object({}) },
} as const satisfies Record<string, RouteDoc>;

export function registerAdminQueue(app: FastifyInstance, gateway: Gateway): void {
  app.get('/admin/queue', { config: { doc: DOCS.list } }, () => QueueSchema.parse(gateway.status()));

  app.delete<{ Params: { requestId: string } }>(
    '/admin/queue/:requestId',
    { config: { doc: DOCS.cancel } },
    ({ params }) => {
      const reason = new GatewayError('cancelled_by_admin', 'The request was ended by an administrator.');
      if (!gateway.cancel(params.requestId, reason))
        throw new GatewayError('not_found', 'No request with this id waits or runs.', { param: 'requestId' });
      return {};
    },
  );
}
