import type { FastifyRequest } from 'fastify';
import { FileManagerError } from '../errors.ts';
import type { Session, SessionTokens } from './session-token.ts';

export const SESSION_COOKIE = 'skilldeck_session';
/** A page of another origin cannot send this header without a preflight, which nobody here answers. */
export const CSRF_HEADER = 'x-skilldeck-request';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Who is asking, by bearer token or cookie; a cookie alone may change nothing without the header and a fitting origin. */
export function requireSession(request: FastifyRequest, tokens: SessionTokens): Session {
  const bearer = /^Bearer ([\w.-]+)$/.exec(request.headers.authorization ?? '')?.[1];
  const cookie = request.cookies[SESSION_COOKIE];
  const session =
    bearer !== undefined ? tokens.verify(bearer) : cookie !== undefined ? tokens.verify(cookie) : undefined;
  if (session === undefined)
    throw new FileManagerError('auth.required', 'You are not signed in, or the session has ended.');
  if (bearer === undefined && !SAFE_METHODS.has(request.method)) refuseCrossSite(request);
  return session;
}

/** Throws when a browser sends this on behalf of another site. */
export function refuseCrossSite(request: FastifyRequest): void {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const foreignOrigin = origin !== undefined && hostOf(origin) !== host;
  const foreignSite = site !== undefined && site !== 'same-origin' && site !== 'none';
  if (request.headers[CSRF_HEADER] === undefined || foreignOrigin || foreignSite) {
    throw new FileManagerError(
      'auth.cross_site',
      'This request did not come from the page of the file manager.',
    );
  }
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    // "null", as sandboxed pages send it: no host at all.
    return undefined;
  }
}
