import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** Under load lines leave in bundles of this size, otherwise after so long. */
const BUNDLE_BYTES = 65_536;
const FLUSH_MS = 100;

/**
 * One JSON object per line on stdout: time, level, msg and fields. Prompts, answers and secrets are never logged.
 *
 * Lines are written in the background; those of a process that ends by itself are written before it does.
 */
export function createLogger(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    stdout(),
  );
}

/** One for the process, however many gateways a test opens in it. */
const stdout = once(() => {
  const opened = pino.destination({
    dest: 1,
    sync: false,
    minLength: BUNDLE_BYTES,
    maxWrite: 2 * BUNDLE_BYTES,
    contentMode: 'buffer',
    periodicFlush: FLUSH_MS,
  });
  opened.once('ready', () => {
    process.once('exit', () => opened.flushSync());
  });
  // As bytes: a text that grows is measured anew, from its beginning, with every line that is added to it.
  return { write: (line: string) => opened.write(Buffer.from(line) as unknown as string) };
});

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

let lastMs = 0;
let lastText = '';

/** Many lines fall into the same millisecond. */
function isoTime(): string {
  const now = Date.now();
  if (now !== lastMs) {
    lastMs = now;
    lastText = `,"time":"${new Date(now).toISOString()}"`;
  }
  return lastText;
}
