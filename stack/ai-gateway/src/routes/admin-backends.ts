import { BackendStatusSchema } from '@skilldeck/agent-skills';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Backend } from '../backends/backend.ts';
import type { Gateway } from '../gateway.ts';
import { GatewayError } from '../gateway-error.ts';
import type { RouteDoc } from '../openapi/route-doc.ts';

const LoadQuery = z.strictObject({
  wait: z.coerce
    .number()
    .min(0)
    .max(600)
    .default(0)
    .describe('Seconds to wait for the end of the load; 202 when it goes on.'),
});
const UnloadQuery = z.strictObject({
  force: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Also while requests are answered; they end with an error.'),
});

const DOCS = {
  list: {
    summary: 'The backends and how they are',
    tag: 'admin',
    answer: z.object({ backends: z.array(BackendStatusSchema) }),
  },
  load: {
    summary: 'Load the model of a backend',
    description: 'Also ends the pause after a crash, and tries a model again that could not be loaded.',
    tag: 'admin',
    query: LoadQuery,
    answer: BackendStatusSchema,
  },
  unload: {
    summary: 'Unload the model of a backend; the next request loads it again',
    tag: 'admin',
    query: UnloadQuery,
    answer: BackendStatusSchema,
  },
} as const satisfies Record<string, RouteDoc>;

interface ByName {
  Params: { name: string };
}

/** So long even without a wish to wait: what cannot be loaded at all is known by then. */
const FIRST_LOOK_MS = 50;

export function registerAdminBackends(app: FastifyInstance, gateway: Gateway): void {
  app.get('/admin/backends', { config: { doc: DOCS.list } }, () => ({
    backends: gateway.pool.backends.map((backend) => gateway.statusOf(backend)),
  }));

  app.post<ByName>('/admin/backends/:name/load', { config: { doc: DOCS.load } }, async (request, reply) => {
    const { wait } = queryOf(LoadQuery, request.query);
    const backend = find(gateway, request.params.name);
    const isLoaded = await within(backend.load(), Math.max(wait * 1000, FIRST_LOOK_MS));
    return reply.code(isLoaded ? 200 : 202).send(gateway.statusOf(backend));
  });

  app.post<ByName>('/admin/backends/:name/unload', { config: { doc: DOCS.unload } }, async (request) => {
    const { force } = queryOf(UnloadQuery, request.query);
    const backend = find(gateway, request.params.name);
    await backend.unload(force === 'true');
    return gateway.statusOf(backend);
  });
}

function find({ pool }: Gateway, name: string): Backend {
  const backend = pool.backends.find((one) => one.name === name);
  if (backend === undefined)
    throw new GatewayError('not_found', `There is no backend "${name.slice(0, 64)}".`, { param: 'name' });
  return backend;
}

function queryOf<T>(schema: z.ZodType<T>, query: unknown): T {
  const parsed = schema.safeParse(query);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const param = issue?.path.map(String).join('.') ?? '';
  const sentence = `The query${param === '' ? '' : `'s "${param}"`} is not as it should be: ${issue?.message ?? 'invalid'}.`;
  throw new GatewayError('invalid_request', sentence, { param });
}

/** Whether it is done within so long; it goes on in any case, and its later failure is in the backend's state. */
async function within(work: Promise<void>, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work.then(() => true), limit]);
  } finally {
    clearTimeout(timer);
  }
}
