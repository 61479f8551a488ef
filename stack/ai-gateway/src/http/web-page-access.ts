import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Gateway } from '../gateway.ts';
import { GatewayError } from '../gateway-error.ts';
import type { Scope } from '../keys/principal.ts';

/** Names that no public DNS server answers for (RFC 6761, 6762, 8375; ICANN's `.internal`). */
const PRIVATE_SUFFIXES = ['.localhost', '.local', '.internal', '.home.arpa'];
const PREFLIGHT_SECONDS = '600';

export interface AccessRules {
  readonly allowedOrigins: readonly string[];
  readonly allowedHosts: readonly string[];
}

/** Web pages of `access.allowedOrigins` may call the APIs and read their answers (Fetch Standard, "CORS protocol"). */
export function registerWebPageAccess(app: FastifyInstance, gateway: Gateway): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    if (origin === undefined || !request.url.startsWith('/v1/')) return done();
    if (!mayCall(origin, gateway.config.config.access)) return done();
    permit(reply.raw, origin);
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined)
      return done();
    answerPreflight(request, reply);
  });
}

/**
 * Keeps the pages that a person happens to look at away from a gateway that asks for no key: neither another origin's
 * page nor one whose name was made to point here (DNS rebinding) may use it. The admin interface is for no page at all.
 */
export function refuseStrangePages(
  { headers }: Pick<FastifyRequest, 'headers'>,
  scope: Scope,
  rules: AccessRules,
): void {
  if (!isKnownHost(headers.host, rules))
    throw new GatewayError(
      'origin_refused',
      'This gateway has no key and is not known by the name that it was called by.',
      { hint: 'Call it by its address, add the name to access.allowedHosts, or set GATEWAY_API_KEY.' },
    );
  const { origin } = headers;
  if (origin === undefined || isOwnOrigin(origin, headers)) return;
  if (scope !== 'admin' && mayCall(origin, rules)) return;
  const options = scope === 'admin' ? {} : { hint: 'Add the origin to access.allowedOrigins.' };
  throw new GatewayError('origin_refused', 'Web pages of this origin may not use the gateway.', options);
}

function isKnownHost(host: string | undefined, { allowedHosts }: AccessRules): boolean {
  // HTTP/1.0 has no Host, and no browser speaks it.
  if (host === undefined) return true;
  const name = nameOf(host);
  if (isIP(name) !== 0 || !name.includes('.')) return true;
  return PRIVATE_SUFFIXES.some((suffix) => name.endsWith(suffix)) || allowedHosts.includes(name);
}

/** Without the port, in lower case, without the dot that ends a full name. */
function nameOf(host: string): string {
  const name = /^\[([^\]]*)\]/.exec(host)?.[1] ?? host.replace(/:\d*$/, '');
  return name.toLowerCase().replace(/\.$/, '');
}

function isOwnOrigin(origin: string, { host }: IncomingHttpHeaders): boolean {
  return origin.toLowerCase().replace(/^https?:\/\//, '') === host?.toLowerCase();
}

function mayCall(origin: string, { allowedOrigins }: AccessRules): boolean {
  return allowedOrigins.includes(origin.toLowerCase()) || allowedOrigins.includes('*');
}

function permit(response: ServerResponse, origin: string): void {
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-expose-headers', '*');
  response.setHeader('vary', 'Origin');
}

function answerPreflight({ headers, raw }: FastifyRequest, reply: FastifyReply): void {
  const response = reply.raw;
  const asked = headers['access-control-request-headers'];
  response.setHeader('access-control-allow-methods', 'GET, POST');
  if (asked !== undefined) response.setHeader('access-control-allow-headers', asked);
  if (headers['access-control-request-private-network'] === 'true')
    response.setHeader('access-control-allow-private-network', 'true');
  response.setHeader('access-control-max-age', PREFLIGHT_SECONDS);
  reply.hijack();
  raw.resume();
  response.writeHead(204).end();
}
