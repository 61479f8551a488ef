import { ReloadRequestSchema, type ReloadResult, SecretsRequestSchema } from '@skilldeck/agent-skills';
import type { FastifyInstance } from 'fastify';
import type { Gateway } from '../gateway.ts';
import { GatewayError } from '../gateway-error.ts';
import { toWireSnapshot } from '../skills/skill-snapshot.ts';

export function registerAdmin(app: FastifyInstance, gateway: Gateway): void {
  app.get('/admin/skills', () => toWireSnapshot(gateway.skills.snapshot));

  app.post('/admin/skills/reload', async (request): Promise<ReloadResult> => {
    const startedAt = performance.now();
    const parsed = ReloadRequestSchema.safeParse(request.body ?? {});
    if (!parsed.success)
      throw new GatewayError('invalid_request', '"expect" must be { "name", "sha256" }.', {
        param: 'expect',
      });
    const { snapshot, changed } = await gateway.skills.reload();
    const { expect } = parsed.data;
    const found = snapshot.skills.find(({ entry }) => entry.name === expect?.name)?.entry.sha256;
    return {
      ...toWireSnapshot(snapshot),
      changed: changed.length > 0,
      elapsedMs: Math.round((performance.now() - startedAt) * 10) / 10,
      ...(expect === undefined
        ? {}
        : {
            expected: { ...expect, live: found === expect.sha256, ...(found === undefined ? {} : { found }) },
          }),
    };
  });

  app.get('/admin/status', () => gateway.status());

  app.post('/admin/config/reload', async () => ({
    ...(await gateway.config.reload()),
    config: gateway.status().config,
  }));

  app.put('/admin/secrets', (request) => {
    const parsed = SecretsRequestSchema.safeParse(request.body);
    if (!parsed.success)
      throw new GatewayError('invalid_request', 'The body must be an object of secret names and texts.');
    for (const [name, value] of Object.entries(parsed.data)) gateway.secrets.set(name, value);
    return { secrets: gateway.secrets.names() };
  });
}
