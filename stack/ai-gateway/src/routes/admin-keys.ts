import {
  KeyCreatedSchema,
  KeyListSchema,
  type KeySettings,
  KeySettingsSchema,
  KeyViewSchema,
} from '@skilldeck/agent-skills';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Gateway } from '../gateway.ts';
import { GatewayError } from '../gateway-error.ts';
import type { RouteDoc } from '../openapi/route-doc.ts';

const DOCS = {
  list: { summary: 'The keys, without their secrets', tag: 'admin', answer: KeyListSchema },
  create: {
    summary: 'Make a key; its secret is told this once',
    tag: 'admin',
    body: KeySettingsSchema,
    answer: KeyCreatedSchema,
  },
  update: {
    summary: 'Change what a key may do',
    tag: 'admin',
    body: KeySettingsSchema,
    answer: KeyViewSchema,
  },
  rotate: { summary: 'Give a key another secret; the old one ends', tag: 'admin', answer: KeyCreatedSchema },
  remove: { summary: 'Remove a key', tag: 'admin', answer: z.object({}) },
} as const satisfies Record<string, RouteDoc>;

interface ById {
  Params: { id: string };
}

export function registerAdminKeys(app: FastifyInstance, { keys }: Gateway): void {
  app.get('/admin/keys', { config: { doc: DOCS.list } }, () => keys.list());

  app.post('/admin/keys', { config: { doc: DOCS.create } }, async (request, reply) => {
    const created = await keys.create(settingsOf(request.body));
    return reply.code(201).header('cache-control', 'no-store').send(created);
  });

  app.put<ById>('/admin/keys/:id', { config: { doc: DOCS.update } }, ({ body, params }) =>
    keys.update(params.id, settingsOf(body)),
  );

  app.post<ById>('/admin/keys/:id/rotate', { config: { doc: DOCS.rotate } }, async ({ params }, reply) =>
    reply.header('cache-control', 'no-store').send(await keys.rotate(params.id)),
  );

  app.delete<ById>('/admin/keys/:id', { config: { doc: DOCS.remove } }, async ({ params }) => {
    await keys.remove(params.id);
    return {};
  });
}

function settingsOf(body: unknown): KeySettings {
  const parsed = KeySettingsSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const param = issue?.path.map(String).join('.') ?? '';
  const sentence = `"${param || 'The body'}" is not as it should be: ${issue?.message ?? 'invalid'}.`;
  throw new GatewayError('invalid_request', sentence, { param });
}
