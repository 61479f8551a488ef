import { ErrorEnvelopeSchema } from '@skilldeck/agent-skills';
import type { z } from 'zod';
import { GATEWAY_VERSION } from '../gateway.ts';
import type { JsonObject } from '../json.ts';
import { ComponentSchemas } from './component-schemas.ts';
import type { DocumentedRoute, RouteDoc } from './route-doc.ts';

const MODEL_ERROR_ENVELOPE = ErrorEnvelopeSchema.meta({ id: 'Error' });
const UNDOCUMENTED: RouteDoc = { summary: 'Not described yet', tag: 'operation' };
const METHODS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);

const TAGS: Readonly<Record<RouteDoc['tag'], string>> = {
  generation: 'Answers of models, in the wire formats of OpenAI and Anthropic',
  models: 'What can be asked for',
  admin: 'Managing the gateway',
  operation: 'Health, metrics and this document',
};

/** The OpenAPI 3.1 document of the routes, made from the schemas that validate their requests. */
export function openApiDocument(
  routes: readonly DocumentedRoute[],
  isOpen: (path: string) => boolean,
): JsonObject {
  const components = new ComponentSchemas();
  const error = components.add(MODEL_ERROR_ENVELOPE);
  const paths: Record<string, JsonObject> = {};
  for (const { doc = UNDOCUMENTED, method, path } of routes) {
    if (!METHODS.has(method)) continue;
    const { name, parameters } = toTemplate(path);
    const operations = paths[name] ?? {};
    operations[method.toLowerCase()] = {
      summary: doc.summary,
      ...(doc.description === undefined ? {} : { description: doc.description }),
      operationId: operationId(method, path),
      tags: [doc.tag],
      ...withParameters([...parameters, ...queryParameters(doc.query, components)]),
      ...requestBody(doc, components),
      responses: {
        [String(doc.status ?? 200)]: success(doc, components),
        default: { description: 'A failure', content: { 'application/json': { schema: error } } },
      },
      ...(isOpen(path) ? { security: [] } : {}),
    };
    paths[name] = operations;
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Skilldeck gateway',
      version: GATEWAY_VERSION,
      description:
        'One door to local and remote models. Failures come in the envelope of the API that was called; those of the ' +
        'messages API look as Anthropic has them.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    security: [{ bearer: [] }, { apiKey: [] }],
    paths,
    components: {
      schemas: components.schemas,
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'A key of this gateway, when it asks for one.',
        },
        apiKey: {
          type: 'apiKey',
          in: 'header',
          name: 'x-api-key',
          description: 'The same, as Anthropic sends it.',
        },
      },
    },
  };
}

function success(doc: RouteDoc, components: ComponentSchemas): JsonObject {
  const { answer, events } = doc;
  const content: JsonObject = {};
  if (typeof answer === 'string') content[answer] = { schema: { type: 'string' } };
  else content['application/json'] = { schema: answer === undefined ? {} : components.add(answer) };
  if (events !== undefined)
    content['text/event-stream'] = { schema: { type: 'string', description: events } };
  return { description: 'Success', ...(doc.status === 204 ? {} : { content }) };
}

function requestBody(doc: RouteDoc, components: ComponentSchemas): JsonObject {
  if (doc.body === undefined) return {};
  const content = { 'application/json': { schema: components.add(doc.body) } };
  return { requestBody: { required: doc.bodyIsOptional !== true, content } };
}

function queryParameters(query: z.ZodObject | undefined, components: ComponentSchemas): JsonObject[] {
  return Object.entries(query?.shape ?? {}).map(([name, field]) => {
    const schema = field as z.ZodType;
    return {
      name,
      in: 'query',
      required: !schema.safeParse(undefined).success,
      schema: components.add(schema),
    };
  });
}

/** `/admin/keys/:id` and `/v1/models/*` as OpenAPI writes them. */
function toTemplate(path: string): { name: string; parameters: JsonObject[] } {
  const names: string[] = [];
  const name = path.replace(/:([A-Za-z0-9_]+)(?:\([^)]*\))?|\*/g, (_whole, given?: string) => {
    const parameter = given ?? 'id';
    names.push(parameter);
    return `{${parameter}}`;
  });
  const parameters = names.map((one) => ({
    name: one,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  return { name, parameters };
}

function operationId(method: string, path: string): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return [method.toLowerCase(), ...words, ...(path.endsWith('*') ? ['one'] : [])].join('_');
}

const withParameters = (parameters: readonly JsonObject[]): JsonObject =>
  parameters.length === 0 ? {} : { parameters };
