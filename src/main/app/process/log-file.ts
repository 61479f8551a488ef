import { mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import pino from 'pino';
import type { Logger } from '../../lifetime/logger.ts';

const MAX_LOG_BYTES = 5 * 1024 * 1024;

/** The panel's own log: JSON lines in `directory`, one older file kept. */
export function openLogFile(directory: string, level: string): { readonly logger: Logger; close(): void } {
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, 'skilldeck.log');
  keepOneOlder(file);
  const destination = pino.destination({ dest: file, sync: true, mkdir: true });
  const logger = pino({ level, base: { pid: process.pid } }, destination);
  return {
    logger: {
      debug: (fields, message) => logger.debug(fields, message),
      info: (fields, message) => logger.info(fields, message),
      warn: (fields, message) => logger.warn(fields, message),
      error: (fields, message) => logger.error(fields, message),
    },
    close: () => destination.end(),
  };
}

function keepOneOlder(file: string): void {
  try {
    if (statSync(file).size > MAX_LOG_BYTES) renameSync(file, `${file}.1`);
  } catch {
    // No log yet.
  }
}
