import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pino } from 'pino';
import { createApp } from './app.ts';
import { type ConfigResult, resolveConfig } from './config.ts';
import { watchParent } from './parent-watch.ts';
import { loadSessionKey } from './sign-in/session-key.ts';
import { FileStore } from './store/file-store.ts';

const BAD_CONFIG_EXIT_CODE = 78;

async function readConfig(): Promise<ConfigResult> {
  const file = path.resolve(process.env.CONFIG_PATH ?? 'app.conf');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return resolveConfig({ path: file, text, variables: process.env, workingDirectory: process.cwd() });
}

async function main(): Promise<void> {
  const result = await readConfig();
  if (result.kind === 'invalid') {
    process.stderr.write(`file-manager: ${result.message}\n`);
    process.exitCode = BAD_CONFIG_EXIT_CODE;
    return;
  }
  const { config } = result;
  const logger = pino({
    level: config.logLevel,
    base: { service: 'file-manager' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    // Belt and braces: the request serialiser logs no headers in the first place.
    redact: ['*.password', '*.authorization', '*.cookie', 'req.headers'],
  });
  const sessionKey = await loadSessionKey(config.stateDir, (message, err) => logger.warn({ err }, message));
  const removed = await new FileStore({ ...config, root: config.rootDir })
    .removeLeftovers()
    .catch((err: unknown) => {
      logger.warn({ err }, 'leftovers of broken uploads could not be looked for');
      return 0;
    });
  if (removed > 0) logger.info({ removed }, 'removed leftovers of broken uploads');

  const app = await createApp({ config, sessionKey, logger });
  const stop = (why: string): void => {
    logger.info({ why }, 'stopping');
    watch.stop();
    app.close().then(
      () => logger.flush(),
      (err: unknown) => {
        logger.error({ err }, 'could not stop cleanly');
        process.exit(1);
      },
    );
  };
  const watch = watchParent(config.parentPid, () => stop('the app that started this process is gone'));
  process.once('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));
  await app.listen({ host: config.host, port: config.port });
}

main().catch((error: unknown) => {
  const busy = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  const message = busy
    ? `${(error as Error).message}. Stop what listens there or set another port.`
    : String(error);
  process.stderr.write(`file-manager: ${message}\n`);
  process.exit(1);
});
