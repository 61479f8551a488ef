import { AppError } from '../../../shared/errors/app-error.ts';
import type { OperationProgress } from '../stack-engine.ts';
import type { DockerApi } from './docker-api.ts';
import { isAbort, isConnectionLost, knownFault, reasonOf, toEngineError } from './engine-errors.ts';
import { parseImageReference } from './image-reference.ts';
import { readJsonLines } from './json-lines.ts';
import { toProgressMessage } from './progress-message.ts';
import { PullProgress } from './pull-progress.ts';

export interface PullInput {
  readonly reference: string;
  readonly service: string;
  readonly signal: AbortSignal;
  readonly report: (progress: OperationProgress) => void;
}

/** Pulls an image; a fault inside the progress stream is a fault, although the engine answered 200. */
export async function pullImage(api: DockerApi, input: PullInput): Promise<void> {
  const { reference, signal, report } = input;
  const progress = new PullProgress();
  try {
    const query = { ...parseImageReference(reference) };
    const stream = await api.stream({ method: 'POST', path: '/images/create', query, signal });
    for await (const raw of readJsonLines(stream)) {
      const message = toProgressMessage(raw);
      if (message.error !== undefined) throw pullFault(message.error, input);
      const step = progress.apply(message);
      if (step) report(step);
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (signal.aborted || isAbort(error) || isConnectionLost(error)) throw toEngineError(error, signal);
    throw pullFault(reasonOf(error), input, error);
  }
  if (signal.aborted) throw toEngineError(undefined, signal);
}

export function pullFault(
  reason: string,
  { reference, service }: Pick<PullInput, 'reference' | 'service'>,
  cause?: unknown,
): AppError {
  return (
    knownFault(reason, cause) ??
    new AppError('image.pull_failed', `The image ${reference} could not be pulled: ${reason}`, {
      hint: pullHint(reason),
      params: { image: reference, service, reason },
      cause,
    })
  );
}

/** Whether a fault of a build is really that its base image could not be fetched. */
export function isPullFault(reason: string): boolean {
  return /pull access denied|manifest (for .* )?(unknown|not found)|not found: manifest|toomanyrequests|registry.*(refused|no such host|timeout|deadline)|Get "?https?:\/\/[^"]*\/v[12]\//i.test(
    reason,
  );
}

function pullHint(reason: string): string {
  if (/toomanyrequests|rate limit/i.test(reason))
    return 'The registry limits pulls: sign in with "docker login", or use a mirror.';
  if (/denied|unauthorized|authentication/i.test(reason))
    return 'Check the name of the image; for a private one run "docker login" and pull it once by hand.';
  if (/manifest|not found/i.test(reason)) return 'Check the name and the tag of the image.';
  return 'Check the network; behind a proxy or without Docker Hub set a proxy or a registry mirror for the engine.';
}
