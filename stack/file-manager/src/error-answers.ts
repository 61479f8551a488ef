import type { FastifyError, FastifyInstance } from 'fastify';
import { FileManagerError, formatError } from './errors.ts';

/** Every failure leaves in one form: `{ error: { code, message, hint, params } }`. */
export function registerErrorAnswers(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) => {
    const error = new FileManagerError(
      'route.not_found',
      `There is nothing at ${request.method} ${request.url.slice(0, 200)}.`,
    );
    return reply.status(error.status).send(formatError(error));
  });
  app.setErrorHandler((thrown: FastifyError | FileManagerError, request, reply) => {
    const error = thrown instanceof FileManagerError ? thrown : toCoded(thrown);
    if (error.status >= 500) request.log.error({ err: thrown, code: error.code }, error.message);
    else request.log.info({ code: error.code }, error.message);
    return reply.status(error.status).send(formatError(error));
  });
}

function toCoded(thrown: FastifyError): FileManagerError {
  const message = thrown.message;
  switch (thrown.statusCode) {
    case 413:
      return new FileManagerError('file.too_large', 'The request is larger than this service takes.', {
        cause: thrown,
      });
    case 429:
      return new FileManagerError('auth.too_many', 'Too many attempts to sign in.', { cause: thrown });
    case 400:
    case 406:
    case 415:
      return new FileManagerError('input.invalid', message, { cause: thrown });
    default:
      return new FileManagerError('internal', 'Something went wrong in the file manager.', { cause: thrown });
  }
}
