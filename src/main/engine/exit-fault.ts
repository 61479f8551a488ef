import { type ConfigProblem, ConfigProblemsSchema } from '@skilldeck/agent-skills';
import { z } from 'zod';
import { AppError } from '../../shared/errors/app-error.ts';
import { configWords } from '../../shared/gateway/config-words.ts';

/** "Configuration error" of sysexits.h: how the gateway says that it refuses its `config.json` or its environment. */
const EX_CONFIG = 78;

/** What a service refused in its configuration and ended because of; undefined for any other end. */
export function configRefusal(exitCode: number | undefined, lines: readonly string[]): AppError | undefined {
  if (exitCode !== EX_CONFIG) return undefined;
  // The service also logs the sentence as a JSON line; the plain one is for people.
  const sentence = lines.findLast(
    (line) => line.includes('config.json') && !line.trimStart().startsWith('{'),
  );
  const problems = problemsIn(lines);
  const words = configWords(problems);
  if (sentence === undefined && words === undefined) return undefined;
  // The gateway looks at its variables first, and says nothing of a file that it has not read.
  const isOfFile = problems === undefined || problems.some((one) => 'file' in one && one.file !== undefined);
  if (!isOfFile && words !== undefined)
    return new AppError('config.invalid_variable', words, {
      hint: "It is set in the workspace's .env, or for the service in compose.yaml; mend it there and start again.",
    });
  return new AppError('config.invalid', words ?? (sentence ?? '').trim(), {
    hint: 'Mend the file and start again.',
    params: { reason: words ?? (sentence ?? '').trim() },
  });
}

const LoggedRefusal = z.object({ problems: ConfigProblemsSchema.min(1) });

function problemsIn(lines: readonly string[]): readonly ConfigProblem[] | undefined {
  const line = lines.findLast((one) => one.trimStart().startsWith('{') && one.includes('"problems"'));
  if (line === undefined) return undefined;
  try {
    return LoggedRefusal.parse(JSON.parse(line)).problems;
  } catch {
    // Cut off, or of a newer gateway: the plain sentence has to do.
    return undefined;
  }
}
