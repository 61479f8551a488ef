import type { FastifyInstance } from 'fastify';
import type { DocumentedRoute, RouteDoc } from './route-doc.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the OpenAPI document says of the route. */
    doc?: RouteDoc;
  }
}

/** Notes every route as it is registered: for the document, and to tell a wrong method from a wrong path. */
export class RouteList {
  readonly routes: DocumentedRoute[] = [];
  readonly #patterns: { readonly pattern: RegExp; readonly method: string }[] = [];

  /** Call it before the routes. */
  watch(app: FastifyInstance): void {
    app.addHook('onRoute', ({ config, method, url }) => {
      const pattern = toPattern(url);
      for (const one of typeof method === 'string' ? [method] : method) {
        this.routes.push({ method: one, path: url, doc: config?.doc });
        this.#patterns.push({ pattern, method: one });
      }
    });
  }

  /** The methods that this path has; empty: nothing is there. */
  methodsOf(path: string): string[] {
    return this.#patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
  }
}

function toPattern(path: string): RegExp {
  const source = path
    .split(/(:[A-Za-z0-9_]+(?:\([^)]*\))?|\*)/)
    .map((part) => {
      if (part === '*') return '.*';
      return part.startsWith(':') ? '[^/]+' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
    })
    .join('');
  return new RegExp(`^${source}$`);
}
