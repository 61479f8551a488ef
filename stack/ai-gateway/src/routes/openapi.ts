import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { openApiDocument } from '../openapi/openapi-document.ts';
import type { RouteList } from '../openapi/route-list.ts';

/** Serves the document of all routes. It is made at the first request, when all are registered, and then kept. */
export function registerOpenApi(app: FastifyInstance, list: RouteList): void {
  let text: string | undefined;
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
