import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** One JSON object per line on stdout: time, level, msg and fields. Prompts, answers and secrets are never logged. */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: ['authorization', '*.authorization', 'apiKey', '*.apiKey'], censor: '(secret)' },
  });
}
