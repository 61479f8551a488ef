import { mkdir } from 'node:fs/promises';
import { AppError } from '../../../shared/errors/app-error.ts';
import { configHash } from '../../plan/config-hash.ts';
import { containerName, imageReference } from '../../plan/container-name.ts';
import { LABEL } from '../../plan/labels.ts';
import type { ApiContainer, ApiImage } from './api-types.ts';
import type { Connection } from './connect.ts';
import { findContainer, type InstanceRef, inspectContainer } from './container-lookup.ts';
import { containerSpec } from './container-spec.ts';
import { knownFault, reasonOf, statusOf, toEngineError } from './engine-errors.ts';

/** Removal of a container goes on in the engine after a cancelled request; cleaning up must not hang on it either. */
const CLEAN_UP_LIMIT_MS = 10_000;

export async function createContainer(
  connection: Connection,
  ref: InstanceRef,
  signal: AbortSignal,
): Promise<void> {
  const name = containerName(ref.project, ref.service, ref.number);
  const existing = await inspectContainer(connection.api, name, signal);
  if (existing) {
    if (isSame(existing, ref)) return;
    throw new AppError('engine.request_failed', `There is already another container with the name ${name}.`, {
      hint: `Remove it with "docker rm ${name}" if it is not needed, then try again.`,
      params: { status: 409, reason: name },
    });
  }
  await createNamed(connection, ref, name, {}, signal);
}

/**
 * Puts a new container in the place of an old one.
 *
 * The new one exists before the old is touched, so a refused create call changes nothing; anonymous volumes go
 * over to it. Done again after an interruption it continues where it was.
 */
export async function recreateContainer(
  connection: Connection,
  ref: InstanceRef & { readonly containerId: string },
  signal: AbortSignal,
): Promise<void> {
  const { api } = connection;
  const name = containerName(ref.project, ref.service, ref.number);
  const old = await inspectContainer(api, ref.containerId, signal);
  if (!old) {
    const left = await findContainer(api, ref, signal);
    if (!left) return createContainer(connection, ref, signal);
    if (!left.Names?.includes(`/${name}`)) await rename(connection, left.Id, name, signal);
    return;
  }
  const temporary = `${old.Id.slice(0, 12)}_${name}`;
  await removeContainer(connection, temporary, signal);
  const id = await createNamed(connection, ref, temporary, anonymousVolumes(old, ref), signal);
  try {
    await stopContainer(connection, { containerId: old.Id, ref }, signal);
    await removeContainer(connection, old.Id, signal, { keepVolumes: true });
  } catch (error) {
    await removeContainer(connection, id, AbortSignal.timeout(CLEAN_UP_LIMIT_MS), {
      keepVolumes: true,
    }).catch(() => {
      // The first fault is the one to tell; the next run removes the leftover by its name.
    });
    throw error;
  }
  // Not cancellable: between removing and renaming there is no good place to stop.
  await rename(connection, id, name, AbortSignal.timeout(CLEAN_UP_LIMIT_MS));
}

export async function startContainer(
  connection: Connection,
  ref: InstanceRef,
  signal: AbortSignal,
): Promise<void> {
  const container = await findContainer(connection.api, ref, signal);
  if (!container)
    throw new AppError(
      'service.start_failed',
      `The container of ${ref.service.name} does not exist any more.`,
      {
        params: { service: ref.service.name, reason: '' },
      },
    );
  try {
    await connection.api.json({
      method: 'POST',
      path: `/containers/${container.Id}/start`,
      accept: [304],
      signal,
    });
  } catch (error) {
    throw startFault(error, ref, signal);
  }
}

export async function stopContainer(
  { api }: Connection,
  { containerId, ref }: { readonly containerId: string; readonly ref?: Pick<InstanceRef, 'service'> },
  signal: AbortSignal,
): Promise<void> {
  const grace = ref?.service.stopGracePeriodMs;
  await api.json({
    method: 'POST',
    path: `/containers/${containerId}/stop`,
    query: { t: grace === undefined ? undefined : Math.ceil(grace / 1000) },
    accept: [304, 404],
    signal,
  });
}

export async function removeContainer(
  { api }: Connection,
  containerId: string,
  signal: AbortSignal,
  { keepVolumes = false }: { readonly keepVolumes?: boolean } = {},
): Promise<void> {
  const inherited = keepVolumes ? [] : unnamedVolumes(await inspectContainer(api, containerId, signal));
  try {
    await api.json({
      method: 'DELETE',
      path: `/containers/${encodeURIComponent(containerId)}`,
      // Only anonymous volumes: nothing could find them afterwards.
      query: { force: true, v: !keepVolumes },
      accept: [404],
      signal,
    });
  } catch (error) {
    // Somebody else's removal is under way.
    if (statusOf(error) !== 409) throw error;
    await waitUntilGone(api, containerId, signal);
  }
  // Those that a recreated container got from its forerunner count as named for the engine, and would stay.
  for (const { name } of inherited)
    await api.json({ method: 'DELETE', path: `/volumes/${name}`, accept: [404, 409], signal });
}

async function createNamed(
  connection: Connection,
  ref: InstanceRef,
  name: string,
  inheritedVolumes: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<string> {
  const { api, apiVersion, isLocal } = connection;
  const reference = imageReference(ref.project, ref.service);
  const image = await inspectImage(connection, reference, signal);
  if (!image)
    throw new AppError('engine.request_failed', `The image ${reference} is not there.`, {
      hint: 'Press Start again: the plan then pulls or builds it.',
      params: { status: 404, reason: reference },
    });
  // As this user: the engine would make missing folders as root, or refuse.
  if (isLocal)
    for (const mount of ref.service.volumes)
      if (mount.kind === 'bind') await mkdir(mount.source, { recursive: true }).catch(() => {});
  const spec = containerSpec({ ...ref, imageId: image.Id, apiVersion, inheritedVolumes });
  const { Id: id } = await api.json<{ Id: string }>({
    method: 'POST',
    path: '/containers/create',
    query: { name },
    body: spec.body,
    signal,
  });
  try {
    for (const [network, endpoint] of Object.entries(spec.connectAfter))
      await api.json({
        method: 'POST',
        path: `/networks/${encodeURIComponent(network)}/connect`,
        body: { Container: id, EndpointConfig: endpoint },
        signal,
      });
  } catch (error) {
    // A container that lacks a network would look complete to the next plan.
    await removeContainer(connection, id, AbortSignal.timeout(CLEAN_UP_LIMIT_MS)).catch(() => {});
    throw error;
  }
  return id;
}

export async function inspectImage(
  { api }: Pick<Connection, 'api'>,
  reference: string,
  signal: AbortSignal,
): Promise<ApiImage | undefined> {
  try {
    return await api.json<ApiImage>({ path: `/images/${encodeURI(reference)}/json`, signal });
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

function isSame(container: ApiContainer, { project, service, number }: InstanceRef): boolean {
  const labels = container.Config.Labels ?? {};
  return (
    labels[LABEL.project] === project.name &&
    labels[LABEL.service] === service.name &&
    labels[LABEL.number] === String(number) &&
    labels[LABEL.configHash] === configHash(service, 'docker')
  );
}

function anonymousVolumes(old: ApiContainer, { service }: InstanceRef): Readonly<Record<string, string>> {
  const named = new Set(
    service.volumes
      .filter((mount) => mount.kind !== 'volume' || mount.source !== undefined)
      .map(({ target }) => target),
  );
  const volumes = unnamedVolumes(old).filter(({ target }) => !named.has(target));
  return Object.fromEntries(volumes.map(({ target, name }) => [target, name]));
}

/** The engine gives a volume without a name 64 hex digits. */
function unnamedVolumes(container: ApiContainer | undefined) {
  return (container?.Mounts ?? []).flatMap(({ Type, Name = '', Destination }) =>
    Type === 'volume' && /^[0-9a-f]{64}$/.test(Name) ? [{ name: Name, target: Destination }] : [],
  );
}

async function rename({ api }: Connection, id: string, name: string, signal: AbortSignal): Promise<void> {
  await api.json({ method: 'POST', path: `/containers/${id}/rename`, query: { name }, signal });
}

async function waitUntilGone(api: Connection['api'], id: string, signal: AbortSignal): Promise<void> {
  try {
    await api.json({
      method: 'POST',
      path: `/containers/${encodeURIComponent(id)}/wait`,
      query: { condition: 'removed' },
      accept: [404],
      signal,
    });
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
}

function startFault(error: unknown, { service }: InstanceRef, signal: AbortSignal): AppError {
  const status = statusOf(error);
  const reason = reasonOf(error);
  if (status === undefined) return toEngineError(error, signal);
  const known = knownFault(reason, error);
  if (known)
    return new AppError(known.code, known.message, {
      ...(known.hint === undefined ? {} : { hint: known.hint }),
      params: { ...known.params, service: service.name },
      cause: error,
    });
  return new AppError('service.start_failed', `${service.name} could not be started: ${reason}`, {
    hint: 'Open its logs, or check command, user and mounts in the compose file.',
    params: { service: service.name, reason },
    cause: error,
  });
}
