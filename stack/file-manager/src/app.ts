import { fileURLToPath } from 'node:url';
import cookie from '@fastify/cookie';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import fastifyStatic from '@fastify/static';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { FileManagerConfig } from './config.ts';
import { registerErrorAnswers } from './error-answers.ts';
import { registerFileRoutes } from './routes/file-routes.ts';
import { registerHealthRoutes } from './routes/health-routes.ts';
import { registerSessionRoutes } from './routes/session-routes.ts';
import { registerUploadRoutes } from './routes/upload-routes.ts';
import { createPasswordCheck, type PasswordCheck } from './sign-in/password-check.ts';
import { SessionTokens } from './sign-in/session-token.ts';
import { FileStore } from './store/file-store.ts';

export interface AppDeps {
  readonly config: FileManagerConfig;
  readonly sessionKey: Buffer;
  readonly logger?: FastifyBaseLogger;
  readonly now?: () => number;
  /** Tests that are not about passwords replace the costly one. */
  readonly checkPassword?: PasswordCheck;
}

/** What JSON adds around a text: quotes, escapes, the other fields. A text of control characters grows sixfold. */
const JSON_GROWTH = 6;
const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
} as const;

/** The whole service without a port; tests call `inject`. */
export async function createApp(deps: AppDeps): Promise<FastifyInstance> {
  const { config } = deps;
  const store = new FileStore({
    root: config.rootDir,
    textLimitBytes: config.textLimitBytes,
    modelLimitBytes: config.modelLimitBytes,
    listLimit: config.listLimit,
  });
  const tokens = new SessionTokens({
    key: deps.sessionKey,
    password: config.password,
    lifetimeMs: config.sessionMs,
    now: deps.now ?? Date.now,
  });
  const app = fastify({
    ...(deps.logger === undefined ? {} : { loggerInstance: deps.logger }),
    bodyLimit: config.textLimitBytes * JSON_GROWTH + 4096,
    trustProxy: config.trustProxy,
    // A reverse proxy in front gives one id to all logs; anything odd in it is replaced.
    genReqId: (request) => requestId(request.headers['x-request-id']),
    // Model uploads take as long as they take; what stalls is cut by the idle time below.
    requestTimeout: 0,
    connectionTimeout: 120_000,
    logController: new LogController({
      requestIdLogLabel: 'requestId',
      disableRequestLogging: (request) => request.url === '/healthz',
    }),
    routerOptions: { maxParamLength: 1024 },
  });
  registerErrorAnswers(app);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(PAGE_HEADERS).header('x-request-id', request.id);
  });

  await app.register(cookie);
  await app.register(rateLimit, { global: false });
  await app.register(multipart, { limits: { files: 1, fields: 4, fieldSize: 1024, headerPairs: 32 } });
  registerHealthRoutes(app, store);
  registerSessionRoutes(app, {
    config,
    tokens,
    checkPassword: deps.checkPassword ?? (await createPasswordCheck(config.user, config.password)),
  });
  registerFileRoutes(app, { store, tokens });
  registerUploadRoutes(app, { store, tokens, config });
  await app.register(fastifyStatic, {
    // Beside dist/ in the image and in the bundle, beside src/ in the repository.
    root: config.publicDir ?? fileURLToPath(new URL('../public', import.meta.url)),
    cacheControl: false,
    setHeaders: (reply) => void reply.header('cache-control', 'no-cache'),
  });
  return app;
}

function requestId(given: string | string[] | undefined): string {
  return typeof given === 'string' && /^[\w.-]{8,128}$/.test(given) ? given : globalThis.crypto.randomUUID();
}
