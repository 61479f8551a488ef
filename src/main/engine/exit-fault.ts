import { AppError } from '../../shared/errors/app-error.ts';

/** "Configuration error" of sysexits.h: how the gateway says that it refuses its `config.json`. */
const EX_CONFIG = 78;

/** The refused `config.json` of a service that ended because of it; undefined for any other end. */
export function configRefusal(exitCode: number | undefined, lines: readonly string[]): AppError | undefined {
  if (exitCode !== EX_CONFIG) return undefined;
  // The service also logs the sentence as a JSON line; the plain one is for people.
  const sentence = lines.findLast(
    (line) => line.includes('config.json') && !line.trimStart().startsWith('{'),
  );
  if (sentence === undefined) return undefined;
  return new AppError('config.invalid', sentence.trim(), {
    hint: 'Mend the file and start again.',
    params: { reason: sentence.trim() },
  });
}
