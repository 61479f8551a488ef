import type { Environment } from './environment.ts';

/** Which variable sets which value. Those of secrets are not among them. */
export const VARIABLES: Readonly<Record<string, keyof Environment>> = {
  path: 'CONFIG_PATH',
  host: 'HOST',
  port: 'PORT',
  dataDir: 'DATA_DIR',
  skillsDir: 'SKILLS_DIR',
  maxConcurrent: 'MAX_CONCURRENT',
  maxQueue: 'MAX_QUEUE',
  logLevel: 'LOG_LEVEL',
  configReloadSeconds: 'CONFIG_RELOAD_SECONDS',
  'timeouts.queueMs': 'QUEUE_TIMEOUT_MS',
  'timeouts.requestMs': 'REQUEST_TIMEOUT_MS',
  'timeouts.connectMs': 'UPSTREAM_CONNECT_TIMEOUT_MS',
  'timeouts.firstByteMs': 'UPSTREAM_FIRST_BYTE_TIMEOUT_MS',
  'timeouts.idleMs': 'UPSTREAM_IDLE_TIMEOUT_MS',
  'timeouts.drainMs': 'DRAIN_TIMEOUT_MS',
  'timeouts.pingMs': 'SSE_PING_MS',
};
/** The environment is read once, at the start. */
const RESTART: ReadonlySet<string> = new Set([
  'path',
  'host',
  'port',
  'dataDir',
  'skillsDir',
  'bodyLimitBytes',
  'configReloadSeconds',
]);

export const needsRestart = (key: string): boolean => RESTART.has(key) || key.startsWith('server.');
