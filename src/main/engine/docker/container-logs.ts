import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import type { EngineLogLine, LogOptions } from '../stack-engine.ts';
import { inspectContainer } from './container-lookup.ts';
import type { DockerApi } from './docker-api.ts';
import { isAbort, reasonOf, toEngineError } from './engine-errors.ts';
import { createFramedLogDecoder, createTtyLogDecoder } from './log-decoder.ts';

const MAX_LAST_LINES = 20;

/** Lines of a container, oldest first. The reader sets the pace: the engine waits while nobody reads. */
export async function* readContainerLogs(
  api: DockerApi,
  id: string,
  { tail, follow, since }: LogOptions,
  signal: AbortSignal,
): AsyncGenerator<EngineLogLine, void, void> {
  try {
    const container = await inspectContainer(api, id, signal);
    if (!container)
      throw new AppError('service.not_running', phrase('container_gone'), {
        params: { service: id },
      });
    // Told by the configuration, never guessed from the bytes.
    const decoder = container.Config.Tty ? createTtyLogDecoder() : createFramedLogDecoder();
    const stream = await api.stream({
      path: `/containers/${container.Id}/logs`,
      query: {
        stdout: true,
        stderr: true,
        timestamps: true,
        follow,
        tail,
        since: since === undefined ? undefined : (since / 1000).toFixed(3),
      },
      signal,
    });
    for await (const chunk of stream as AsyncIterable<Buffer>) yield* decoder.push(chunk);
    yield* decoder.end();
  } catch (error) {
    if (signal.aborted || isAbort(error)) return;
    if (/does not support reading|not implemented/i.test(reasonOf(error)))
      throw new AppError('engine.request_failed', phrase('logging_driver'), {
        hint: 'Use the json-file or local driver for this service.',
        params: { status: 501, reason: reasonOf(error) },
        cause: error,
      });
    throw toEngineError(error, signal);
  }
}

/** For the report of a container that died. */
export async function readLastLines(
  api: DockerApi,
  id: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const { text } of readContainerLogs(api, id, { tail: MAX_LAST_LINES, follow: false }, signal))
    lines.push(text);
  return lines.slice(-MAX_LAST_LINES);
}
