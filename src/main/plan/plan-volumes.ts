import type { Cause } from '../../shared/stack/plan-view.ts';
import type { Project, Service } from '../compose/project.ts';
import { cause } from './causes.ts';
import { volumeHash } from './config-hash.ts';
import type { OwnState } from './own-state.ts';

export interface VolumePlan {
  /** By key: those that do not exist. */
  readonly missing: ReadonlyMap<string, Cause>;
  /**
   * By key: those whose definition changed. They stay as they are: to make one anew destroys its data, which only
   * a person decides.
   */
  readonly changed: ReadonlyMap<string, Cause>;
}

/** Volumes that these services mount. */
export function planVolumes(project: Project, services: readonly Service[], observed: OwnState): VolumePlan {
  const missing = new Map<string, Cause>();
  const changed = new Map<string, Cause>();
  const found = new Map(observed.volumes.map((volume) => [volume.name, volume]));
  // A volume that is mounted exists, whoever made it.
  const mounted = new Set(observed.containers.flatMap(({ volumes = {} }) => Object.values(volumes)));
  for (const key of [...new Set(services.flatMap(volumeKeys))].sort()) {
    const volume = project.volumes[key];
    if (volume === undefined || volume.external) continue;
    const { name } = volume;
    const there = found.get(name);
    if (there === undefined) {
      if (!mounted.has(name))
        missing.set(key, cause('missing', `volume ${name} does not exist yet`, { volume: name }));
    } else if (there.configHash !== undefined && there.configHash !== volumeHash(volume)) {
      const text = `the definition of volume ${name} changed; it is kept as it is, with its data`;
      changed.set(key, cause('volume_changed', text, { volume: name }));
    }
  }
  return { missing, changed };
}

export function volumeKeys({ volumes }: Service): readonly string[] {
  return volumes.flatMap((mount) =>
    mount.kind === 'volume' && mount.source !== undefined ? [mount.source] : [],
  );
}
