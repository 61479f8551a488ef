import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest, onRequestHookHandler } from 'fastify';
import type { Gateway } from '../gateway.ts';
import { GatewayError, toGatewayError } from '../gateway-error.ts';
import { keyIdOf } from '../keys/key-secret.ts';
import { OWNER, type Principal, type Scope } from '../keys/principal.ts';
import { refuseStrangePages } from './web-page-access.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** On whose behalf; set before anything else is looked at. */
    principal: Principal;
  }
}

/** Probes and scrapers have no key; what these answer tells nothing worth one. */
const OPEN_PATHS = new Set(['/healthz', '/readyz', '/metrics']);
const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;

/**
 * Finds out on whose behalf a request is made, and whether it may do what it asks for.
 *
 * The owner's key (GATEWAY_API_KEY) may do everything, unless ADMIN_API_KEY keeps the admin interface for itself; keys
 * of others never open that. Without any key the gateway is open, its admin interface to this computer only once there are
 * keys of others.
 */
export function authenticator(gateway: Gateway): onRequestHookHandler {
  const { ADMIN_API_KEY, GATEWAY_API_KEY } = gateway.config.environment;
  const owner = GATEWAY_API_KEY === undefined ? undefined : digest(GATEWAY_API_KEY);
  const admin = ADMIN_API_KEY === undefined ? undefined : digest(ADMIN_API_KEY);
  function authenticate(request: FastifyRequest): void {
    const path = request.url.split('?', 1)[0] ?? '';
    request.principal = OWNER;
    if (OPEN_PATHS.has(path)) return;
    const scope = scopeOf(path);
    const given = keyOf(request);
    if (given !== undefined) {
      const hash = digest(given);
      if (admin !== undefined && scope === 'admin' && timingSafeEqual(hash, admin)) return;
      if (owner !== undefined && timingSafeEqual(hash, owner)) {
        if (scope !== 'admin' || admin === undefined) return;
        throw missing(scope);
      }
      const principal = gateway.keys.find(given);
      if (principal !== undefined) {
        if (!principal.scopes.has(scope)) throw missing(scope);
        request.principal = principal;
        return;
      }
    }
    const isOpen =
      scope === 'admin'
        ? owner === undefined &&
          admin === undefined &&
          (gateway.keys.isEmpty || LOOPBACK.test(request.socket.remoteAddress ?? ''))
        : owner === undefined && gateway.keys.isEmpty;
    if (isOpen) {
      refuseStrangePages(request, scope, gateway.config.config.access);
      return;
    }
    throw new GatewayError(
      'invalid_api_key',
      given === undefined ? 'This gateway asks for an API key.' : 'The API key is not one of this gateway.',
      { hint: 'Send it as "Authorization: Bearer KEY".' },
    );
  }
  function decide(request: FastifyRequest, done: (error?: Error) => void): void {
    try {
      authenticate(request);
    } catch (error) {
      done(toGatewayError(error));
      return;
    }
    done();
  }
  return (request, _reply, done) => {
    decide(request, (refusal) => {
      const given = keyOf(request);
      if (refusal === undefined || given === undefined || keyIdOf(given) === undefined) return done(refusal);
      // Another gateway over the same keys may just have made it, or changed what it may do.
      void gateway.keys.refresh().then(() => decide(request, done));
    });
  };
}

function scopeOf(path: string): Scope {
  if (path === '/admin' || path.startsWith('/admin/')) return 'admin';
  return path === '/v1/models' || path.startsWith('/v1/models/') ? 'models' : 'inference';
}

function missing(scope: Scope): GatewayError {
  return new GatewayError('scope_missing', `This API key may not be used for this (scope "${scope}").`);
}

function keyOf({ headers }: FastifyRequest): string | undefined {
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  const other = headers['x-api-key'];
  return bearer ?? (typeof other === 'string' ? other : undefined);
}

/** Digests are compared, so that neither length nor content leaks by time. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
