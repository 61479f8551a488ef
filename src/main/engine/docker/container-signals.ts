import type { Connection } from './connect.ts';
import type { Work } from './container-create.ts';
import { reasonOf, statusOf } from './engine-errors.ts';
import { imageCache } from './image-cache.ts';

/** One that does not run has got what a kill is for. */
export async function killContainer(
  connection: Connection,
  containerId: string,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  await post(connection, containerId, 'kill', /is not running/i, signal, { signal: name });
}

export async function pauseContainer(
  connection: Connection,
  containerId: string,
  signal: AbortSignal,
): Promise<void> {
  await post(connection, containerId, 'pause', /already paused/i, signal);
}

export async function unpauseContainer(
  connection: Connection,
  containerId: string,
  signal: AbortSignal,
): Promise<void> {
  await post(connection, containerId, 'unpause', /is not paused/i, signal);
}

/** An image that something else still uses stays, as with `docker compose down --rmi`. */
export async function removeImage(
  { api }: Connection,
  reference: string,
  { signal, report }: Work,
): Promise<void> {
  try {
    await api.json({
      method: 'DELETE',
      path: `/images/${encodeURI(reference)}`,
      accept: [404],
      signal,
    });
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
    report({ output: `The image ${reference} is still used by other containers and stays.` });
  }
  imageCache(api).clear();
}

/** @param alreadySo how the engine says that there is nothing to do; the status alone (409 or 500) does not tell. */
async function post(
  { api }: Connection,
  id: string,
  verb: string,
  alreadySo: RegExp,
  signal: AbortSignal,
  query: Readonly<Record<string, string>> = {},
): Promise<void> {
  try {
    await api.json({ method: 'POST', path: `/containers/${id}/${verb}`, query, accept: [404], signal });
  } catch (error) {
    if (statusOf(error) === undefined || !alreadySo.test(reasonOf(error))) throw error;
  }
}
