import { imageReference } from '../../plan/container-name.ts';
import type { Operation } from '../../plan/operation.ts';
import type { OperationContext } from '../stack-engine.ts';
import type { Connection } from './connect.ts';
import { serviceOf } from './container-lookup.ts';
import { buildImage } from './image-build.ts';
import { imageCache } from './image-cache.ts';
import { pullImage } from './image-pull.ts';

type Step<K extends Operation['kind']> = Extract<Operation, { kind: K }>;

/** Fetches an image; an optional one may be nowhere. */
export async function applyPull(
  connection: Connection,
  { optional, service }: Step<'pull-image'>,
  context: OperationContext,
): Promise<void> {
  if (optional === true) await isFetched(connection, service, context);
  else await fetchImage(connection, service, context);
}

/** Builds an image, where one that a registry has does not save that. */
export async function applyBuild(
  connection: Connection,
  { pullFirst, service }: Step<'build-image'>,
  context: OperationContext,
): Promise<void> {
  const { project, report, signal } = context;
  if (pullFirst === true && (await isFetched(connection, service, context))) return;
  try {
    await buildImage(connection.api, {
      project,
      service: serviceOf(project, service),
      credentials: connection.credentials,
      apiVersion: connection.apiVersion,
      proxies: connection.proxies,
      signal,
      report,
    });
  } finally {
    imageCache(connection.api).clear();
  }
}

/** Any fault means "no", as with Compose: registry names of images that are only built here often lead nowhere. */
async function isFetched(
  connection: Connection,
  service: string,
  context: OperationContext,
): Promise<boolean> {
  try {
    await fetchImage(connection, service, context, []);
    return true;
  } catch (error) {
    context.signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    context.report({ output: `It was not fetched: ${reason}` });
    return false;
  }
}

async function fetchImage(
  { api, credentials }: Connection,
  name: string,
  { project, report, signal }: OperationContext,
  retryDelaysMs?: readonly number[],
): Promise<void> {
  const service = serviceOf(project, name);
  const { platform } = service.definition;
  try {
    await pullImage(api, {
      reference: imageReference(project, service),
      service: name,
      ...(platform === undefined ? {} : { platform }),
      credentials,
      signal,
      report,
      ...(retryDelaysMs === undefined ? {} : { retryDelaysMs }),
    });
  } finally {
    imageCache(api).clear();
  }
}
