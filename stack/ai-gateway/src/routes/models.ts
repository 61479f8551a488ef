import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Backend, modelOf } from '../backends/backend.ts';
import type { Gateway } from '../gateway.ts';
import { GatewayError } from '../gateway-error.ts';
import { sendTagged } from '../http/send-tagged.ts';
import { mayAskFor } from '../keys/allowed-models.ts';
import type { Principal } from '../keys/principal.ts';
import type { RouteDoc } from '../openapi/route-doc.ts';

const ModelSchema = z
  .object({
    id: z.string(),
    object: z.literal('model'),
    created: z.int(),
    owned_by: z.string().describe('Whose it is in the words of its server, else the backend that answers.'),
    context_length: z.int().optional().describe('Tokens that a prompt and its answer may have, where known.'),
    demo: z.boolean().optional().describe('The generated demonstration model: real inference, no knowledge.'),
  })
  .meta({ id: 'Model' });

type Model = z.infer<typeof ModelSchema>;

const DOCS = {
  list: {
    summary: 'What can be asked for (OpenAI; in the form of Anthropic with the header anthropic-version)',
    tag: 'models',
    answer: z.object({ object: z.literal('list'), data: z.array(ModelSchema) }),
  },
  one: { summary: 'One model', tag: 'models', answer: ModelSchema },
} as const satisfies Record<string, RouteDoc>;

export function registerModels(app: FastifyInstance, gateway: Gateway): void {
  app.get('/v1/models', { config: { doc: DOCS.list } }, (request, reply) => {
    const models = listModels(gateway, request.principal);
    return sendModels(
      request,
      reply,
      isAnthropic(request) ? toAnthropicList(models) : { object: 'list', data: models },
    );
  });

  // Names may hold slashes.
  app.get<{ Params: { '*': string } }>('/v1/models/*', { config: { doc: DOCS.one } }, (request, reply) => {
    const id = request.params['*'];
    const model = listModels(gateway, request.principal).find((one) => one.id === id);
    if (model === undefined)
      throw new GatewayError('model_not_found', `There is no model "${id.slice(0, 120)}".`, {
        param: 'model',
      });
    return sendModels(request, reply, isAnthropic(request) ? toAnthropicModel(model) : model);
  });
}

/** What this caller may ask for. Aliases first: whoever configured them wants them chosen. */
function listModels({ pool }: Gateway, principal: Principal): Model[] {
  const models = new Map<string, Model>();
  for (const id of pool.aliases) models.set(id, { id, object: 'model', created: 0, owned_by: 'gateway' });
  for (const backend of pool.backends) {
    for (const id of backend.models) {
      // Two backends may have it; requests go to either, and the list names it once.
      if (!models.has(id)) models.set(id, toModel(id, backend));
    }
  }
  return [...models.values()].filter(({ id }) => mayAskFor(principal, id));
}

function toModel(id: string, backend: Backend): Model {
  const known = modelOf(backend, id);
  return {
    id,
    object: 'model',
    created: 0,
    owned_by: known?.ownedBy ?? backend.name,
    ...(known?.contextSize === undefined ? {} : { context_length: known.contextSize }),
    ...(known?.demo === true ? { demo: true } : {}),
  };
}

const isAnthropic = ({ headers }: FastifyRequest): boolean => headers['anthropic-version'] !== undefined;

function toAnthropicList(models: readonly Model[]): object {
  return {
    data: models.map(toAnthropicModel),
    has_more: false,
    first_id: models[0]?.id ?? null,
    last_id: models.at(-1)?.id ?? null,
  };
}

function toAnthropicModel({ created, id }: Model): object {
  return { type: 'model', id, display_name: id, created_at: new Date(created * 1000).toISOString() };
}

/** Panels ask for the list again and again; while it is the same, they get no body. */
function sendModels(request: FastifyRequest, reply: FastifyReply, value: object): FastifyReply {
  return sendTagged(request, reply.header('vary', 'anthropic-version'), {
    type: 'application/json',
    cacheControl: 'private, no-cache',
    text: JSON.stringify(value),
  });
}
