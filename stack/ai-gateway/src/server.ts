import path from 'node:path';
import { parseArgs } from 'node:util';
import { createApp } from './app.ts';
import { createBackend } from './backends/create-backend.ts';
import { formatConfigProblems } from './config/config-sentences.ts';
import { ConfigService, loadConfig } from './config/config-service.ts';
import { formatConfigSummary } from './config/config-summary.ts';
import { Gateway } from './gateway.ts';
import { GatewayError } from './gateway-error.ts';
import { createLogger } from './observability/logger.ts';
import { watchParent } from './watch-parent.ts';

/** Exit status for "configuration error" in sysexits.h. */
const EX_CONFIG = 78;
/** What has been answered when the drain is over has so long to leave. */
const CLOSE_MS = 2000;

const { values: args } = parseArgs({
  options: { check: { type: 'boolean', default: false }, config: { type: 'string' } },
});

const options = {
  path: path.resolve(args.config ?? process.env.CONFIG_PATH ?? 'config.json'),
  variables: process.env,
  workingDirectory: process.cwd(),
  mustExist: args.config !== undefined,
};
const loaded = await loadConfig(options);
if (loaded.kind === 'invalid') {
  const { problems } = loaded;
  const reason = formatConfigProblems(problems);
  process.stderr.write(`${reason}\n`);
  if (!args.check) createLogger('error').fatal({ reason, problems }, 'configuration refused');
  process.exit(EX_CONFIG);
}
if (args.check) {
  process.stdout.write(`${formatConfigSummary(loaded.config)}\n`);
  process.exit(0);
}

const logger = createLogger(loaded.config.logLevel);
const gateway = new Gateway({ config: new ConfigService(options, loaded), logger, createBackend });
const app = createApp(gateway);
await gateway.start();

const { host, port } = loaded.config;
try {
  const url = await app.listen({ host, port });
  logger.info({ url, generation: gateway.skills.snapshot.generation }, 'gateway listening');
} catch (error) {
  const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  const reason = taken
    ? `Port ${port} on ${host} is already in use. Free it, or set PORT to another one.`
    : String(error);
  process.stderr.write(`${reason}\n`);
  logger.fatal({ reason }, 'gateway could not listen');
  await gateway.dispose();
  process.exit(1);
}

let stopping = false;
const stop = async (reason: string): Promise<void> => {
  if (stopping) return;
  stopping = true;
  logger.info({ reason }, 'gateway stopping');
  const ended = new GatewayError('draining', 'The gateway was shut down before the answer was complete.');
  await gateway.drain(gateway.config.config.timeouts.drainMs, ended);
  // A client that never reads the end of its answer does not hold up the shutdown.
  const closing = setTimeout(() => app.server.closeAllConnections(), CLOSE_MS);
  await app.close();
  clearTimeout(closing);
  await gateway.dispose();
  logger.info('gateway stopped');
  process.exit(0);
};
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
process.on('disconnect', () => void stop('parent disconnected'));
watchParent(gateway.config.environment.SKILLDECK_PARENT_PID, () => void stop('parent is gone'));
process.on('unhandledRejection', (error) => logger.error({ err: error }, 'unhandled rejection'));
