import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { configJsonSchema } from '../config/config-json-schema.ts';
import { sendTagged } from '../http/send-tagged.ts';
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
    (request, reply) => {
      schema ??= JSON.stringify(configJsonSchema());
      return sendTagged(request, reply, {
        type: 'application/schema+json',
        cacheControl: 'no-cache',
        text: schema,
      });
    },
  );
  app.get(
    '/openapi.json',
    {
      config: {
        doc: { summary: 'This document', tag: 'operation', answer: z.looseObject({ openapi: z.string() }) },
      },
    },
    (request, reply) => {
      text ??= JSON.stringify(openApiDocument(list.routes, isOpen));
      return sendTagged(request, reply, { type: 'application/json', cacheControl: 'no-cache', text });
    },
  );
}

const OPEN = new Set(['/healthz', '/readyz', '/metrics']);
const isOpen = (path: string): boolean => OPEN.has(path);
