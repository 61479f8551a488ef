import { setTimeout as delay } from 'node:timers/promises';
import { AppError, wording } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import { containerName, imageReference } from '../../plan/container-name.ts';
import type { Operation } from '../../plan/operation.ts';
import type { ApiContainer } from './api-types.ts';
import type { Connection } from './connect.ts';
import { createNamed, type Work } from './container-create.ts';
import { readLastLines } from './container-logs.ts';
import { type InstanceRef, inspectContainer } from './container-lookup.ts';
import { type InheritedVolume, inheritedVolumes } from './container-mounts.ts';
import {
  settleLeftover,
  startById,
  startContainer,
  stopContainer,
  takeName,
  temporaryName,
} from './container-operations.ts';
import { removeContainer, unnamedVolumes } from './container-remove.ts';
import { waitForContainer } from './container-wait.ts';
import { toEngineError } from './engine-errors.ts';
import { imageCache } from './image-cache.ts';

export type Replacement = Extract<Operation, { readonly kind: 'replace-container' }>;

/** For putting things back after a failure or a cancel; the old container's own start is most of it. */
const ROLLBACK_LIMIT_MS = 60_000;
const LAST_LINES_LIMIT_MS = 3000;

/**
 * Replaces a container so that a failure cannot take away what ran; see {@link Operation}.
 *
 * The old container keeps its name until the new one has proved itself, so after a crash at any point the next plan
 * finds it there with its old hash, and doing this again clears away the half-made new one.
 *
 * @throws AppError `update.rolled_back` when the old one is back; the new one's fault is its cause.
 */
export async function replaceContainer(
  connection: Connection,
  ref: InstanceRef,
  operation: Replacement,
  work: Work,
): Promise<void> {
  const { api } = connection;
  const name = containerName(ref.project, ref.service, ref.number);
  const old = await inspectContainer(api, operation.containerId, work.signal);
  if (!old) {
    await settleLeftover(connection, ref, work);
    await startContainer(connection, ref, work);
    return waitUntilGood(connection, ref, undefined, operation, work);
  }
  const temporary = temporaryName(old.Id, name);
  const leftover = await inspectContainer(api, temporary, work.signal);
  if (leftover) await removeContainer(connection, leftover.Id, work.signal, 'own');
  // One that an interrupted replacement has stopped did run.
  const didRun = old.State.Status === 'running' || (leftover !== undefined && old.State.Status === 'exited');
  const attempt: Attempt = { connection, ref, operation, work, old, didRun };
  let created: string | undefined;
  try {
    created = await createNamed(connection, ref, { name: temporary, old }, work);
    await prove(attempt, created);
  } catch (error) {
    throw await rolledBack(attempt, created, error);
  }
  // From here on the new one is the service; a cancel does not bring back what it has replaced.
  const rest = { ...work, signal: AbortSignal.timeout(ROLLBACK_LIMIT_MS) };
  if (isStartFirst(attempt)) await stopContainer(connection, stopTarget(attempt), rest);
  await removeContainer(connection, old.Id, rest.signal, 'none');
  await takeName(connection, created, name);
  if (operation.delayMs) await delay(operation.delayMs, undefined, { signal: work.signal });
}

interface Attempt {
  readonly connection: Connection;
  readonly ref: InstanceRef;
  readonly operation: Replacement;
  readonly work: Work;
  readonly old: ApiContainer;
  readonly didRun: boolean;
}

async function prove(attempt: Attempt, id: string): Promise<void> {
  const { connection, ref, operation, work } = attempt;
  if (!isStartFirst(attempt)) await stopContainer(connection, stopTarget(attempt), work);
  const user = (await inspectContainer(connection.api, id, work.signal))?.Config.User ?? '';
  await startById(connection, ref, { id, user }, work);
  await waitUntilGood(connection, ref, id, operation, work);
}

/** Two programs on the same anonymous volume would destroy its data, whatever the plan says. */
function isStartFirst({ old, operation, ref }: Attempt): boolean {
  return operation.order === 'start-first' && sharedVolumes(old, ref).length === 0;
}

function sharedVolumes(old: ApiContainer, { service }: InstanceRef): readonly InheritedVolume[] {
  const all = unnamedVolumes(old);
  return inheritedVolumes(
    all,
    service.definition,
    all.map(({ target }) => target),
  );
}

function stopTarget({ old, operation: { timeoutMs } }: Attempt) {
  return { containerId: old.Id, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
}

function waitUntilGood(
  { api }: Connection,
  ref: InstanceRef,
  id: string | undefined,
  { until, monitorMs }: Replacement,
  { signal, report }: Work,
): Promise<void> {
  return waitForContainer(api, {
    ref,
    ...(id === undefined ? {} : { containerId: id }),
    until,
    signal,
    report,
    readLastLines: (container) => readLastLines(api, container, signal),
    ...(monitorMs === undefined ? {} : { monitorMs }),
  });
}

/** Puts everything back as it was and says so; the fault to throw. */
async function rolledBack(attempt: Attempt, created: string | undefined, error: unknown): Promise<AppError> {
  const { connection, ref, work, old, didRun } = attempt;
  const cause = toEngineError(error, work.signal);
  const service = ref.service.name;
  const signal = AbortSignal.timeout(ROLLBACK_LIMIT_MS);
  try {
    if (created !== undefined) {
      // One that ended by itself has been quoted already.
      if (cause.code !== 'service.exited') await quoteLastLines(connection, created, work);
      await removeContainer(connection, created, signal, 'own');
    }
    await tagOldImage(attempt, signal);
    if (didRun) {
      const user = old.Config.User ?? '';
      const state = await inspectContainer(connection.api, old.Id, signal);
      if (state?.State.Status !== 'running')
        await startById(connection, ref, { id: old.Id, user }, { ...work, signal });
    }
  } catch (second) {
    const reason = phrase('two_reasons', { first: wording(cause), second: wording(toEngineError(second)) });
    return new AppError('service.start_failed', phrase('rollback_failed', { service, reason }), {
      hint: 'Start the stack again.',
      params: { service, reason },
      cause: second,
    });
  }
  if (cause.code === 'cancelled') return cause;
  const back = didRun ? phrase('old_runs_again') : phrase('old_as_it_was');
  return new AppError('update.rolled_back', phrase('not_updated', { service, cause: wording(cause), back }), {
    hint: cause.hint ?? 'The last lines of the new container say why.',
    params: { ...cause.params, service, reason: wording(cause) },
    cause,
  });
}

async function quoteLastLines({ api }: Connection, id: string, { report }: Work): Promise<void> {
  // They help to understand the fault; that they cannot be read must not hide it.
  const lines = await readLastLines(api, id, AbortSignal.timeout(LAST_LINES_LIMIT_MS)).catch(() => []);
  for (const output of lines) report({ output });
}

/** The reference that both were made of means the old image again, or the next plan would try the new one once more. */
async function tagOldImage({ connection, ref, old }: Attempt, signal: AbortSignal): Promise<void> {
  const { api } = connection;
  const reference = imageReference(ref.project, ref.service);
  if (old.Config.Image !== reference || reference.includes('@')) return;
  imageCache(api).clear();
  const current = await imageCache(api).get(reference, signal);
  if (current?.Id === old.Image) return;
  const colon = reference.lastIndexOf(':');
  const hasTag = colon > reference.lastIndexOf('/');
  await api.json({
    method: 'POST',
    path: `/images/${old.Image}/tag`,
    query: {
      repo: hasTag ? reference.slice(0, colon) : reference,
      tag: hasTag ? reference.slice(colon + 1) : 'latest',
    },
    // The old image has been removed meanwhile: its container still runs, and nothing can be tagged.
    accept: [404],
    signal,
  });
  imageCache(api).clear();
}
