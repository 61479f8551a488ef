import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { ErrorForm } from './dialects/dialect.ts';
import { errorFormFor } from './dialects/error-form.ts';
import type { Gateway } from './gateway.ts';
import { GatewayError, toGatewayError } from './gateway-error.ts';
import { authenticator } from './http/authenticate.ts';
import { refuseMalformedRequest } from './http/malformed-request.ts';
import { requestId } from './http/request-id.ts';
import { registerWebPageAccess } from './http/web-page-access.ts';
import { parseJsonBody } from './json-body.ts';
import { RouteList } from './openapi/route-list.ts';
import { registerAdmin } from './routes/admin.ts';
import { registerAdminBackends } from './routes/admin-backends.ts';
import { registerAdminCache } from './routes/admin-cache.ts';
import { registerAdminKeys } from './routes/admin-keys.ts';
import { registerAdminQueue } from './routes/admin-queue.ts';
import { registerAdminSkills } from './routes/admin-skills.ts';
import { registerAdminTraffic } from './routes/admin-traffic.ts';
import { registerApis } from './routes/apis.ts';
import { registerHealth } from './routes/health.ts';
import { registerModels } from './routes/models.ts';
import { registerOpenApi } from './routes/openapi.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** A JSON body as it was sent; empty when there is none. */
    rawBody: string;
  }
  interface FastifyContextConfig {
    /** How the API tells of failures; left out, the caller's headers say. */
    errors?: ErrorForm;
    /** The body stays a text until the handler reads it: an answer that is ready does not ask what it says. */
    readsBodyLate?: boolean;
  }
}

/** The HTTP side of a gateway. It opens no port: `inject` in tests, `listen` in the server. */
export function createApp(gateway: Gateway): FastifyInstance {
  const { server } = gateway.config.config;
  const app = Fastify({
    logger: false,
    requestTimeout: server.requestMs,
    keepAliveTimeout: server.keepAliveMs,
    http: {
      headersTimeout: server.headersMs,
      maxHeaderSize: server.maxHeaderBytes,
      connectionsCheckingInterval: Math.min(5000, server.headersMs),
    },
    bodyLimit: gateway.config.config.bodyLimitBytes,
    genReqId: (request) => requestId(request.headers['x-request-id']),
    // Streams end by the gateway's own drain; idle keep-alive connections must not hold up a shutdown.
    forceCloseConnections: 'idle',
    clientErrorHandler: refuseMalformedRequest,
    frameworkErrors: (error, request, reply) => sendFailure(gateway, error, request, reply),
  });
  app.server.maxConnections = server.maxConnections;
  registerWebPageAccess(app, gateway);
  app.addHook('onRequest', authenticator(gateway));
  // Reload is called without a body by people with curl, whatever content type their tool sets.
  app.decorateRequest('rawBody', '');
  app.decorateRequest('principal');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
    try {
      refuseEncoding(request.headers['content-encoding']);
      request.rawBody = String(text);
      const isLate = request.routeOptions.config.readsBodyLate === true;
      done(null, isLate ? undefined : parseJsonBody(request.rawBody));
    } catch (error) {
      done(toGatewayError(error));
    }
  });
  app.setErrorHandler<FastifyError>((error, request, reply) => sendFailure(gateway, error, request, reply));
  const routes = new RouteList();
  routes.watch(app);
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request.url);
    const methods = routes.methodsOf(path);
    if (methods.length > 0) reply.header('allow', [...new Set(methods)].join(', '));
    throw methods.length > 0
      ? new GatewayError('method_not_allowed', `${path.slice(0, 200)} does not take ${request.method}.`, {
          hint: `It takes ${methods.join(', ')}.`,
        })
      : new GatewayError('not_found', `There is no ${request.method} ${path.slice(0, 200)} here.`);
  });
  registerHealth(app, gateway);
  registerModels(app, gateway);
  registerApis(app, gateway);
  registerAdmin(app, gateway);
  registerAdminBackends(app, gateway);
  registerAdminCache(app, gateway);
  registerAdminTraffic(app, gateway);
  registerAdminQueue(app, gateway);
  registerAdminKeys(app, gateway);
  registerAdminSkills(app, gateway);
  registerOpenApi(app, routes);
  return app;
}

const pathOf = (url: string): string => url.split('?', 1)[0] ?? '';

function sendFailure(
  gateway: Gateway,
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const failure = fromFramework(error);
  if (failure.code === 'internal')
    gateway.logger.error({ requestId: request.id, err: failure.cause }, 'request failed');
  if (failure.retryAfterSeconds !== undefined)
    reply.headers({
      'retry-after': String(failure.retryAfterSeconds),
      'retry-after-ms': String(failure.retryAfterSeconds * 1000),
    });
  const form = request.routeOptions?.config?.errors ?? errorFormFor(pathOf(request.url), request.headers);
  return reply
    .code(form.status(failure))
    .header('x-skilldeck-request-id', request.id)
    .header(form.requestIdHeader, request.id)
    .send(form.envelope(failure, request.id));
}

function refuseEncoding(encoding: string | undefined): void {
  if (encoding === undefined || encoding === 'identity') return;
  throw new GatewayError(
    'unsupported_media_type',
    `The gateway takes no bodies encoded as ${encoding.slice(0, 40)}.`,
    {
      hint: 'Send plain JSON.',
    },
  );
}

function fromFramework(error: FastifyError): GatewayError {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new GatewayError('payload_too_large', 'The request body is larger than the gateway accepts.', {
        hint: 'Send less, or raise bodyLimitBytes.',
      });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new GatewayError('unsupported_media_type', 'The request body must be sent as application/json.');
    default:
      if (!(error instanceof GatewayError) && error.statusCode !== undefined && error.statusCode < 500) {
        return new GatewayError('invalid_request', error.message, { status: error.statusCode });
      }
      return toGatewayError(error);
  }
}
