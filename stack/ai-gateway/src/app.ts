import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { chatCompletions } from './dialects/chat-completions/chat-completions.ts';
import type { Gateway } from './gateway.ts';
import { GatewayError, toGatewayError } from './gateway-error.ts';
import { createBearerAuth } from './http/bearer-auth.ts';
import { requestId } from './http/request-id.ts';
import { registerAdmin } from './routes/admin.ts';
import { registerGenerations } from './routes/generations.ts';
import { registerHealth } from './routes/health.ts';
import { registerModels } from './routes/models.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The API's own form of an error. */
    envelope?: (error: GatewayError) => object;
  }
}

/** The HTTP side of a gateway. It opens no port: `inject` in tests, `listen` in the server. */
export function createApp(gateway: Gateway): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: gateway.config.config.bodyLimitBytes,
    genReqId: (request) => requestId(request.headers['x-request-id']),
    // Streams end by the gateway's own drain; idle keep-alive connections must not hold up a shutdown.
    forceCloseConnections: 'idle',
  });
  const key = gateway.config.environment.GATEWAY_API_KEY;
  if (key !== undefined) app.addHook('onRequest', createBearerAuth(key));
  // Reload is called without a body by people with curl, whatever content type their tool sets.
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    try {
      done(null, text === '' ? undefined : JSON.parse(String(text)));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      done(new GatewayError('invalid_request', `The request body is not valid JSON: ${reason}.`));
    }
  });
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const failure = fromFramework(error);
    if (failure.code === 'internal')
      gateway.logger.error({ requestId: request.id, err: failure.cause }, 'request failed');
    if (failure.retryAfterSeconds !== undefined)
      reply.header('retry-after', String(failure.retryAfterSeconds));
    const { envelope } = request.routeOptions.config;
    return reply
      .code(failure.status)
      .header('x-skilldeck-request-id', request.id)
      .send(envelope?.(failure) ?? failure.toEnvelope());
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0];
    const failure = new GatewayError('not_found', `There is no ${request.method} ${path} here.`);
    return reply.code(404).send(failure.toEnvelope());
  });
  registerHealth(app, gateway);
  registerModels(app, gateway);
  registerGenerations(app, gateway, '/v1/chat/completions', chatCompletions);
  registerAdmin(app, gateway);
  return app;
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
