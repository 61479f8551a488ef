import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { FileManagerConfig } from '../config.ts';
import { FileManagerError } from '../errors.ts';
import type { PasswordCheck } from '../sign-in/password-check.ts';
import { refuseCrossSite, requireSession, SESSION_COOKIE } from '../sign-in/require-session.ts';
import type { SessionTokens } from '../sign-in/session-token.ts';
import { parseInput } from './parse-input.ts';

interface SessionDeps {
  readonly config: FileManagerConfig;
  readonly tokens: SessionTokens;
  readonly checkPassword: PasswordCheck;
}

const CredentialsSchema = z.strictObject({
  user: z.string().max(64),
  password: z.string().max(1024),
  /** `token`: answer with a token for `Authorization: Bearer` and set no cookie. */
  as: z.enum(['cookie', 'token']).default('cookie'),
});

const ATTEMPTS = { max: 10, timeWindow: 60_000 };

export function registerSessionRoutes(
  app: FastifyInstance,
  { config, tokens, checkPassword }: SessionDeps,
): void {
  app.post('/api/session', { config: { rateLimit: ATTEMPTS } }, async (request, reply) => {
    const { user, password, as } = parseInput(CredentialsSchema, request.body);
    if (as === 'cookie') refuseCrossSite(request);
    if (!(await checkPassword(user, password))) {
      throw new FileManagerError('auth.wrong', 'The user or the password is wrong.');
    }
    const { token, session } = tokens.issue(config.user);
    const answer = { user: session.user, expires: session.expires };
    if (as === 'token') return { ...answer, token };
    return reply
      .setCookie(SESSION_COOKIE, token, {
        path: '/',
        httpOnly: true,
        sameSite: 'strict',
        secure: request.protocol === 'https',
        maxAge: Math.floor(config.sessionMs / 1000),
      })
      .send(answer);
  });

  app.get('/api/session', async (request) => {
    const session = requireSession(request, tokens);
    return { user: session.user, expires: session.expires };
  });

  app.delete('/api/session', async (request, reply) => {
    tokens.revoke(requireSession(request, tokens));
    return reply.clearCookie(SESSION_COOKIE, { path: '/' }).status(204).send();
  });
}
