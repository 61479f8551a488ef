import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { GatewayError } from '../gateway-error.ts';

/** Probes and scrapers have no key; what these answer tells nothing worth one. */
const OPEN_PATHS = new Set(['/healthz', '/readyz', '/metrics']);

/** Asks for the key on every path but the open ones. Compares digests, so that neither length nor content leaks by time. */
export function createBearerAuth(key: string): (request: FastifyRequest) => Promise<void> {
  const expected = digest(key);
  return async function bearerAuth(request) {
    if (OPEN_PATHS.has(request.url.split('?', 1)[0] ?? '')) return;
    const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? header(request, 'x-api-key');
    if (given !== undefined && timingSafeEqual(digest(given), expected)) return;
    throw new GatewayError(
      'invalid_api_key',
      given === undefined
        ? 'This gateway asks for an API key.'
        : 'The API key is not the one of this gateway.',
      { hint: 'Send it as "Authorization: Bearer KEY".' },
    );
  };
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
