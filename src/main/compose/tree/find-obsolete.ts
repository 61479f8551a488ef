import type { LocatedMap } from '../located.ts';
import type { Warning } from '../project.ts';
import { child } from './nodes.ts';

/** What a document says in a way of old: read, but Compose asks to have it changed. */
export function findObsolete(root: LocatedMap): readonly Warning[] {
  const version = child(root, 'version');
  const found: Warning[] = version === undefined ? [] : [{ kind: 'obsolete_version', at: version.at }];
  for (const section of ['networks', 'volumes', 'secrets', 'configs']) {
    const resources = child(root, section);
    if (resources?.kind !== 'map') continue;
    for (const resource of resources.entries.values()) {
      const external = child(resource, 'external');
      const name = external?.kind === 'map' ? child(external, 'name') : undefined;
      if (name !== undefined) found.push({ kind: 'obsolete_external_name', at: name.at });
    }
  }
  return found;
}
