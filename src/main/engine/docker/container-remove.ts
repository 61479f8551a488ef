import type { ApiContainer } from './api-types.ts';
import type { Connection } from './connect.ts';
import { inspectContainer } from './container-lookup.ts';
import { statusOf } from './engine-errors.ts';

/**
 * Which volumes go with a container. Of anonymous ones only: nothing could find them afterwards.
 *
 * - `none`: another container has taken them over.
 * - `own`: those that were made for it, not those that it took over itself.
 * - `all`: those, too; for the engine they count as named, and would stay.
 */
export type VolumesToRemove = 'none' | 'own' | 'all';

export async function removeContainer(
  { api }: Connection,
  containerId: string,
  signal: AbortSignal,
  volumes: VolumesToRemove = 'all',
): Promise<void> {
  const taken = volumes === 'all' ? unnamedVolumes(await inspectContainer(api, containerId, signal)) : [];
  try {
    await api.json({
      method: 'DELETE',
      path: `/containers/${encodeURIComponent(containerId)}`,
      query: { force: true, v: volumes !== 'none' },
      accept: [404],
      signal,
    });
  } catch (error) {
    // Somebody else's removal is under way.
    if (statusOf(error) !== 409) throw error;
    await waitUntilGone(api, containerId, signal);
  }
  for (const { name } of taken)
    await api.json({ method: 'DELETE', path: `/volumes/${name}`, accept: [404, 409], signal });
}

/** The engine gives a volume without a name 64 hex digits. */
export function unnamedVolumes(container: ApiContainer | undefined) {
  return (container?.Mounts ?? []).flatMap(({ Type, Name = '', Destination, RW }) =>
    Type === 'volume' && /^[0-9a-f]{64}$/.test(Name)
      ? [{ name: Name, target: Destination, readOnly: RW === false }]
      : [],
  );
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
