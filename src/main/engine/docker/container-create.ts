import { mkdir } from 'node:fs/promises';
import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import type { ServiceDefinition } from '../../compose/definition.ts';
import { configHash } from '../../plan/config-hash.ts';
import { containerName, imageReference } from '../../plan/container-name.ts';
import { LABEL } from '../../plan/labels.ts';
import type { OperationProgress } from '../stack-engine.ts';
import type { ApiContainer } from './api-types.ts';
import { compareApiVersions } from './api-version.ts';
import type { Connection } from './connect.ts';
import { type InstanceRef, inspectContainer, isInstance } from './container-lookup.ts';
import { inheritedVolumes } from './container-mounts.ts';
import { resolveReferences } from './container-references.ts';
import { removeContainer, unnamedVolumes } from './container-remove.ts';
import { readSecurityOptions } from './container-security.ts';
import { containerSpec, type OneOff } from './container-spec.ts';
import { reasonOf, statusOf } from './engine-errors.ts';
import { imageCache } from './image-cache.ts';

/** What an operation works with besides its own fields. */
export interface Work {
  readonly signal: AbortSignal;
  readonly report: (progress: OperationProgress) => void;
}

export interface CreateOptions {
  readonly name: string;
  /** The container that this one replaces. */
  readonly old?: ApiContainer;
  readonly oneOff?: OneOff;
}

/** Cleaning up goes on after a cancel, and must not hang either. */
export const CLEAN_UP_LIMIT_MS = 10_000;
const VOLUME_SUBPATH = '1.45';
const IMAGE_MOUNTS = '1.48';

/** One that is there already and is the same is left as it is. */
export async function createContainer(connection: Connection, ref: InstanceRef, work: Work): Promise<void> {
  const name = containerName(ref.project, ref.service, ref.number);
  try {
    await createNamed(connection, ref, { name }, work);
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
    const existing = await inspectContainer(connection.api, name, work.signal);
    if (existing && (await isSame(connection, existing, ref, work.signal))) return;
    throw nameTaken(name, error);
  }
}

/** @returns the id of the new container. */
export async function createNamed(
  connection: Connection,
  ref: InstanceRef,
  { name, old, oneOff }: CreateOptions,
  { signal, report }: Work,
): Promise<string> {
  const { api, apiVersion, isLocal } = connection;
  const { project, service, number } = ref;
  const reference = imageReference(project, service);
  const [image, references, security, proxyEnvironment] = await Promise.all([
    imageCache(api).get(reference, signal),
    resolveReferences(api, ref, signal),
    readSecurityOptions(service.name, project.workingDir, service.definition.security_opt),
    connection.proxies(),
  ]);
  if (!image) throw imageMissing(reference);
  const { definition } = references;
  checkSupport(service.name, definition, apiVersion);
  if (isLocal) await makeFolders(definition);
  const imageVolumes = Object.keys(image.Config?.Volumes ?? {});
  const spec = containerSpec({
    ...ref,
    ...references,
    imageId: image.Id,
    apiVersion,
    proxyEnvironment,
    ...(security === undefined ? {} : { security }),
    ...(oneOff === undefined ? {} : { oneOff }),
    ...(old === undefined
      ? {}
      : {
          replaces: service.containerName ?? `${service.name}-${number}`,
          inherited: inheritedVolumes(unnamedVolumes(old), definition, imageVolumes),
        }),
  });
  const created = api.json<Created>({
    method: 'POST',
    path: '/containers/create',
    query: { name, platform: spec.platform },
    body: spec.body,
  });
  const { Id: id, Warnings: warnings } = await unlessCancelled(created, signal, ({ Id }) =>
    removeContainer(connection, Id, AbortSignal.timeout(CLEAN_UP_LIMIT_MS), 'own'),
  );
  for (const output of [...spec.warnings, ...(warnings ?? [])]) report({ output });
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
    await removeContainer(connection, id, AbortSignal.timeout(CLEAN_UP_LIMIT_MS), 'own').catch(() => {});
    throw error;
  }
  return id;
}

interface Created {
  readonly Id: string;
  readonly Warnings?: readonly string[] | null;
}

/** How long a cancel waits for a create call, which mostly takes much less. */
const CREATE_GRACE_MS = 800;

/**
 * The engine makes a container also when nobody waits for the answer any more, and its name is taken then: the call is let
 * end, and what it has made is taken back, in the background if it takes long.
 */
function unlessCancelled(
  call: Promise<Created>,
  signal: AbortSignal,
  takeBack: (created: Created) => Promise<void>,
): Promise<Created> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const handleAbort = () => {
      timer = setTimeout(() => reject(signal.reason), CREATE_GRACE_MS);
    };
    signal.addEventListener('abort', handleAbort, { once: true });
    if (signal.aborted) handleAbort();
    const settle = async (created: Created) => {
      if (!signal.aborted) return resolve(created);
      // The next run removes a leftover by its name.
      await takeBack(created).catch(() => {});
      reject(signal.reason);
    };
    call.then(settle, reject).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', handleAbort);
    });
  });
}

async function isSame(
  { api }: Connection,
  existing: ApiContainer,
  ref: InstanceRef,
  signal: AbortSignal,
): Promise<boolean> {
  if (!isInstance(existing, ref)) return false;
  const { definition } = await resolveReferences(api, ref, signal);
  return existing.Config.Labels?.[LABEL.configHash] === configHash(ref.service, 'docker', definition);
}

/** What an older engine would not refuse but do wrong. */
function checkSupport(service: string, { volumes = [] }: ServiceDefinition, apiVersion: string): void {
  const isOlderThan = (version: string) => compareApiVersions(apiVersion, version) < 0;
  const place = `services.${service}.volumes`;
  const subpath = volumes.find(({ volume }) => volume?.subpath);
  if (subpath !== undefined && isOlderThan(VOLUME_SUBPATH))
    throw new AppError(
      'compose.unsupported',
      phrase('subpath_too_new', { target: subpath.target, service }),
      { params: { place, reason: phrase('needs_engine_26') } },
    );
  const image = volumes.find(({ type }) => type === 'image');
  if (image !== undefined && isOlderThan(IMAGE_MOUNTS))
    throw new AppError(
      'compose.unsupported',
      phrase('image_mount_too_new', { target: image.target, service }),
      {
        hint: 'Update Docker, or copy the files into a volume by a service that runs before.',
        params: { place, reason: phrase('needs_engine_28') },
      },
    );
}

/** As this user: the engine would make missing folders as root. */
async function makeFolders({ volumes = [] }: ServiceDefinition): Promise<void> {
  for (const { type, source, bind } of volumes)
    if (type === 'bind' && source !== undefined && bind?.create_host_path !== false)
      await mkdir(source, { recursive: true }).catch(() => {
        // It is a file, or not ours to make: the engine says what it thinks of that.
      });
}

function imageMissing(reference: string): AppError {
  return new AppError('engine.request_failed', phrase('image_missing', { image: reference }), {
    hint: 'Press Start again: the plan then pulls or builds it.',
    params: { status: 404, reason: reference },
  });
}

function nameTaken(name: string, cause: unknown): unknown {
  if (!/name .*already in use/i.test(reasonOf(cause))) return cause;
  return new AppError('engine.request_failed', phrase('container_name_taken', { name }), {
    hint: `Remove it with "docker rm ${name}" if it is not needed, then try again.`,
    params: { status: 409, reason: name },
    cause,
  });
}
