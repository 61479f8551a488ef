import type { z } from 'zod';

/** What the OpenAPI document says of a route; it stands beside the route, as `config.doc`. */
export interface RouteDoc {
  /** One line, without a full stop. */
  readonly summary: string;
  readonly description?: string;
  readonly tag: 'generation' | 'models' | 'admin' | 'operation';
  /** The schema that validates the body. */
  readonly body?: z.ZodType;
  /** Whether the route works without a body, too. */
  readonly bodyIsOptional?: boolean;
  readonly query?: z.ZodObject;
  /** Schema of a JSON answer, or the content type of another one. */
  readonly answer?: z.ZodType | string;
  /** What the server-sent events are, where the caller can ask for a stream. */
  readonly events?: string;
  /** Status of success; 200 is usual. */
  readonly status?: number;
}

export interface DocumentedRoute {
  readonly method: string;
  /** As registered: `/admin/keys/:id`. */
  readonly path: string;
  readonly doc: RouteDoc | undefined;
}
