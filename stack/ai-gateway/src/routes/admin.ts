import {
  type EffectiveConfig,
  EffectiveConfigSchema,
  GatewayStatusSchema,
  ReloadRequestSchema,
  type ReloadResult,
  ReloadResultSchema,
  SecretsRequestSchema,
  SkillsSnapshotSchema,
} from '@skilldeck/agent-skills';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Gateway } from '../gateway.ts';
import { GatewayError } from '../gateway-error.ts';
import type { RouteDoc } from '../openapi/route-doc.ts';
import { toWireSnapshot } from '../skills/skill-snapshot.ts';

const DOCS = {
  skills: { summary: 'The skills that are live', tag: 'admin', answer: SkillsSnapshotSchema },
  reload: {
    summary: 'Read the skills from disk again',
    tag: 'admin',
    body: ReloadRequestSchema,
    bodyIsOptional: true,
    answer: ReloadResultSchema,
  },
  status: {
    summary: 'State of the gateway, its queue and its backends',
    tag: 'admin',
    answer: GatewayStatusSchema.meta({ id: 'GatewayStatus' }),
  },
  config: {
    summary: 'Every setting in use and where it comes from',
    tag: 'admin',
    answer: EffectiveConfigSchema,
  },
  reloadConfig: {
    summary: 'Read the configuration again',
    tag: 'admin',
    answer: z.looseObject({ config: GatewayStatusSchema.shape.config }),
  },
  secrets: {
    summary: 'Set secrets by name; their values are never told again',
    tag: 'admin',
    body: SecretsRequestSchema,
    answer: z.object({ secrets: z.array(z.string()) }),
  },
} as const satisfies Record<string, RouteDoc>;

export function registerAdmin(app: FastifyInstance, gateway: Gateway): void {
  app.get('/admin/skills', { config: { doc: DOCS.skills } }, () => ({
    ...toWireSnapshot(gateway.skills.snapshot),
    ...(gateway.skills.held === undefined ? {} : { held: gateway.skills.held }),
  }));

  app.post(
    '/admin/skills/reload',
    { config: { doc: DOCS.reload } },
    async (request): Promise<ReloadResult> => {
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
              expected: {
                ...expect,
                live: found === expect.sha256,
                ...(found === undefined ? {} : { found }),
              },
            }),
      };
    },
  );

  app.get('/admin/status', { config: { doc: DOCS.status } }, () => gateway.status());

  app.get('/admin/config', { config: { doc: DOCS.config } }, (): EffectiveConfig => {
    const { loadedAt, path } = gateway.config.status;
    return {
      path,
      loadedAt,
      ...gateway.config.refusal,
      values: [...gateway.config.values],
      secrets: gateway.secrets.names(),
    };
  });

  app.post('/admin/config/reload', { config: { doc: DOCS.reloadConfig } }, async () => ({
    ...(await gateway.config.reload()),
    config: gateway.status().config,
  }));

  app.put('/admin/secrets', { config: { doc: DOCS.secrets } }, (request) => {
    const parsed = SecretsRequestSchema.safeParse(request.body);
    if (!parsed.success)
      throw new GatewayError('invalid_request', 'The body must be an object of secret names and texts.');
    for (const [name, value] of Object.entries(parsed.data)) gateway.secrets.set(name, value);
    return { secrets: gateway.secrets.names() };
  });
}
