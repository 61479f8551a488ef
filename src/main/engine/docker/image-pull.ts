import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { OperationProgress } from '../stack-engine.ts';
import type { Credentials } from './credential-helper.ts';
import type { DockerApi } from './docker-api.ts';
import { isAbort, isConnectionLost, reasonOf, toEngineError } from './engine-errors.ts';
import { parseImageReference } from './image-reference.ts';
import { readJsonLines } from './json-lines.ts';
import { toProgressMessage } from './progress-message.ts';
import { isTransient, pullFault } from './pull-faults.ts';
import { PullProgress } from './pull-progress.ts';
import { type RegistryCredentials, toAuthHeader } from './registry-credentials.ts';

export interface PullInput {
  readonly reference: string;
  readonly service: string;
  /** As in `linux/arm64`; absent: the engine's own. */
  readonly platform?: string;
  /** Absent: pulls without signing in. */
  readonly credentials?: RegistryCredentials;
  readonly signal: AbortSignal;
  readonly report: (progress: OperationProgress) => void;
  /** Pauses before another try when the network faltered; their number is the number of tries. */
  readonly retryDelaysMs?: readonly number[];
}

const RETRY_DELAYS_MS = [1000, 3000];

/**
 * Pulls an image; a fault inside the progress stream is a fault, although the engine answered 200.
 *
 * The engine retries layers by itself, but not the questions before them (manifest, token); those are tried again here.
 */
export async function pullImage(api: DockerApi, input: PullInput): Promise<void> {
  const { signal, retryDelaysMs = RETRY_DELAYS_MS } = input;
  const credentials = await askCredentials(input);
  for (let attempt = 0; ; attempt += 1) {
    const reason = await tryPull(api, input, credentials);
    if (reason === undefined) return;
    const pauseMs = retryDelaysMs[attempt];
    if (pauseMs === undefined || !isTransient(reason)) throw pullFault(reason, input, { credentials });
    input.report({ output: `${reason} – trying again` });
    await delay(pauseMs, undefined, { signal }).catch((error: unknown) => {
      throw toEngineError(error, signal);
    });
  }
}

async function askCredentials({ credentials, reference, signal }: PullInput): Promise<Credentials> {
  try {
    return (await credentials?.forImage(reference, signal)) ?? { kind: 'none' };
  } catch (error) {
    throw toEngineError(error, signal);
  }
}

/** The reason why it failed, where another try or a fault of the image is in question; other faults are thrown. */
async function tryPull(
  api: DockerApi,
  input: PullInput,
  credentials: Credentials,
): Promise<string | undefined> {
  const { reference, platform, signal, report } = input;
  const progress = new PullProgress();
  try {
    const stream = await api.stream({
      method: 'POST',
      path: '/images/create',
      query: { ...parseImageReference(reference), platform },
      ...(credentials.kind === 'found'
        ? { headers: { 'X-Registry-Auth': toAuthHeader(credentials.auth) } }
        : {}),
      signal,
    });
    for await (const raw of readJsonLines(stream)) {
      const message = toProgressMessage(raw);
      if (message.error !== undefined) return message.error;
      const step = progress.apply(message);
      if (step) report(step);
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (signal.aborted || isAbort(error) || isConnectionLost(error)) throw toEngineError(error, signal);
    return reasonOf(error);
  }
  if (signal.aborted) throw toEngineError(undefined, signal);
  return undefined;
}
