import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { configJsonSchema } from '../config/config-json-schema.ts';
import { openApiDocument } from '../openapi/openapi-document.ts';
import type { RouteList } from '../openapi/route-list.ts';

/** Serves the document of all routes, made at the first request, when all are registered; and the schema of config.json. */
export function registerOpenApi(app: FastifyInstance, list: RouteList): void {
  let text: string | undefined;
  let schema: string | undefined;
  app.get(
    '/config.schema.json',
    {
      config: {
        doc: {
          summary: 'What config.json may hold, as a JSON Schema for editors',
          tag: 'operation',
          answer: z.looseObject({ $schema: z.string() }),
        },
      },
    },
    (_request, reply) => {
      schema ??= JSON.stringify(configJsonSchema());
      return reply
        .type('application/schema+json; charset=utf-8')
        .header('cache-control', 'no-cache')
        .send(schema);
    },
  );
  app.get(
    '/openapi.json',
    {
      config: {
        doc: { summary: 'This document', tag: 'operation', answer: z.looseObject({ openapi: z.string() }) },
      },
    },
    (_request, reply) => {
      text ??= JSON.stringify(openApiDocument(list.routes, isOpen));
      return reply.type('application/json; charset=utf-8').header('cache-control', 'no-cache').send(text);
    },
  );
}

const OPEN = new Set(['/healthz', '/readyz', '/metrics']);
const isOpen = (path: string): boolean => OPEN.has(path);
