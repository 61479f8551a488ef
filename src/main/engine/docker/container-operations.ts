import { AppError, wording } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import { containerName } from '../../plan/container-name.ts';
import type { Connection } from './connect.ts';
import { CLEAN_UP_LIMIT_MS, createContainer, createNamed, type Work } from './container-create.ts';
import { copyFiles, hasCopiedFiles } from './container-files.ts';
import { runHooks } from './container-hooks.ts';
import { findContainer, type InstanceRef, inspectContainer } from './container-lookup.ts';
import { hasPortRange } from './container-ports.ts';
import { removeContainer } from './container-remove.ts';
import { knownFault, reasonOf, statusOf, toEngineError } from './engine-errors.ts';
import { queueStart } from './start-queue.ts';

export interface ReplacedRef extends InstanceRef {
  readonly containerId: string;
  /** Between the stop signal and the kill of the old one. */
  readonly timeoutMs?: number;
}

/**
 * Puts a new container in the place of an old one.
 *
 * The new one exists before the old is touched, so a refused create call changes nothing; anonymous volumes go
 * over to it. Done again after an interruption it continues where it was.
 */
export async function recreateContainer(connection: Connection, ref: ReplacedRef, work: Work): Promise<void> {
  const { api } = connection;
  const { signal } = work;
  const name = containerName(ref.project, ref.service, ref.number);
  const old = await inspectContainer(api, ref.containerId, signal);
  if (!old) return settleLeftover(connection, ref, work);
  const temporary = temporaryName(old.Id, name);
  await removeContainer(connection, temporary, signal, 'own');
  const id = await createNamed(connection, ref, { name: temporary, old }, work);
  try {
    await stopContainer(connection, { containerId: old.Id, ...timeout(ref) }, work);
  } catch (error) {
    await removeContainer(connection, id, AbortSignal.timeout(CLEAN_UP_LIMIT_MS), 'own').catch(() => {
      // The first fault is the one to tell; the next run removes the leftover by its name.
    });
    throw error;
  }
  // A cancel that takes the new one away while the engine is removing the old would leave nothing, and the data of
  // anonymous volumes with nobody to find it.
  await removeContainer(connection, old.Id, AbortSignal.timeout(CLEAN_UP_LIMIT_MS), 'none');
  await takeName(connection, id, name);
}

/** The old one is gone already: what an interrupted run has left gets its name, or there is just nothing yet. */
export async function settleLeftover(connection: Connection, ref: InstanceRef, work: Work): Promise<void> {
  const left = await findContainer(connection.api, ref, work.signal);
  if (!left) return createContainer(connection, ref, work);
  const name = containerName(ref.project, ref.service, ref.number);
  if (left.Name !== `/${name}`) await takeName(connection, left.Id, name);
}

/** As Compose names it, so that each finds what the other has left. */
export function temporaryName(oldId: string, name: string): string {
  return `${oldId.slice(0, 12)}_${name}`;
}

/** Not cancellable: between removing the old one and renaming the new there is no good place to stop. */
export async function takeName({ api }: Connection, id: string, name: string): Promise<void> {
  await api.json({
    method: 'POST',
    path: `/containers/${id}/rename`,
    query: { name },
    signal: AbortSignal.timeout(CLEAN_UP_LIMIT_MS),
  });
}

/** Files and variables that are copied in come before, hooks after; one that runs is left alone. */
export async function startContainer(connection: Connection, ref: InstanceRef, work: Work): Promise<void> {
  const container = await findContainer(connection.api, ref, work.signal);
  if (!container)
    throw new AppError(
      'service.start_failed',
      phrase('container_of_service_gone', { service: ref.service.name }),
      { params: { service: ref.service.name, reason: '' } },
    );
  if (container.State.Status === 'running') return;
  await startById(connection, ref, { id: container.Id, user: container.Config.User ?? '' }, work);
}

export async function startById(
  { api }: Connection,
  { project, service }: Pick<InstanceRef, 'project' | 'service'>,
  container: { readonly id: string; readonly user: string },
  work: Work,
): Promise<void> {
  const { definition } = service;
  const { signal } = work;
  const { id, user } = container;
  if (hasCopiedFiles(project, service.name, definition))
    await copyFiles(api, { id, project, service: service.name, definition, user }, signal);
  try {
    const start = () =>
      api.json<void>({ method: 'POST', path: `/containers/${id}/start`, accept: [304], signal });
    await (hasPortRange(definition) ? queueStart(api, signal, start) : start());
  } catch (error) {
    throw startFault(error, service.name, signal);
  }
  await runHooks(api, { id, service: service.name, kind: 'post_start', hooks: definition.post_start }, work);
}

export interface StopTarget {
  readonly containerId: string;
  /** For its `pre_stop` hooks; absent where the file does not have it any more. */
  readonly ref?: Pick<InstanceRef, 'service'>;
  /** Absent: the container's own grace period. */
  readonly timeoutMs?: number;
}

export async function stopContainer(
  { api }: Connection,
  { containerId: id, ref, timeoutMs }: StopTarget,
  work: Work,
): Promise<void> {
  if (ref)
    await runHooks(
      api,
      { id, service: ref.service.name, kind: 'pre_stop', hooks: ref.service.definition.pre_stop },
      work,
    );
  const graceMs = timeoutMs ?? ref?.service.stopGracePeriodMs;
  await api.json({
    method: 'POST',
    path: `/containers/${id}/stop`,
    query: { t: graceMs === undefined ? undefined : Math.ceil(graceMs / 1000) },
    accept: [304, 404],
    signal: work.signal,
  });
}

function timeout({ timeoutMs }: ReplacedRef): Pick<StopTarget, 'timeoutMs'> {
  return timeoutMs === undefined ? {} : { timeoutMs };
}

function startFault(error: unknown, service: string, signal: AbortSignal): AppError {
  const status = statusOf(error);
  const reason = reasonOf(error);
  if (status === undefined) return toEngineError(error, signal);
  const known = knownFault(reason, error);
  if (known)
    return new AppError(known.code, wording(known), {
      ...(known.hint === undefined ? {} : { hint: known.hint }),
      params: { ...known.params, service },
      cause: error,
    });
  return new AppError('service.start_failed', phrase('start_failed', { service, reason }), {
    hint: 'Open its logs, or check command, user and mounts in the compose file.',
    params: { service, reason },
    cause: error,
  });
}
