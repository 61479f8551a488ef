import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import type { Project, Volume } from '../../compose/project.ts';
import { volumeLabels } from '../../plan/labels.ts';
import type { ApiVolume } from './api-types.ts';
import type { Work } from './container-create.ts';
import type { DockerApi } from './docker-api.ts';
import { statusOf } from './engine-errors.ts';
import { missingExternal } from './network-operations.ts';

export async function createVolume(
  api: DockerApi,
  project: Project,
  key: string,
  { signal }: Work,
): Promise<void> {
  const volume = project.volumes[key];
  if (!volume) throw new AppError('compose.invalid', phrase('volume_not_in_file', { key }));
  if (volume.external) {
    if (!(await findVolume(api, volume.name, signal))) throw missingExternal('volume', volume.name);
    return;
  }
  // One made elsewhere under this name is used as it is, as Compose does: it may hold data. The engine itself
  // answers a second creation with the volume that is there, unless driver or options differ.
  if (await findVolume(api, volume.name, signal)) return;
  await api.json({ method: 'POST', path: '/volumes/create', body: volumeBody(project, volume), signal });
}

/**
 * One that a container still uses stays, as with `docker compose down -v`.
 *
 * @param name the engine's name of the volume.
 */
export async function removeVolume(api: DockerApi, name: string, { signal, report }: Work): Promise<void> {
  try {
    await api.json({ method: 'DELETE', path: `/volumes/${encodeURIComponent(name)}`, accept: [404], signal });
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
    report({ output: `The volume ${name} is still used by other containers and stays.` });
  }
}

function volumeBody(project: Project, volume: Volume): object {
  const { driver, driver_opts } = volume.definition;
  return {
    Name: volume.name,
    Driver: driver ?? 'local',
    DriverOpts: driver_opts ?? {},
    Labels: volumeLabels(project, volume),
  };
}

async function findVolume(api: DockerApi, name: string, signal: AbortSignal): Promise<ApiVolume | undefined> {
  try {
    return await api.json<ApiVolume>({ path: `/volumes/${encodeURIComponent(name)}`, signal });
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}
