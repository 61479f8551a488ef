import type { ServiceDefinition } from '../compose/definition.ts';
import type { Network, Project, Service, Volume } from '../compose/project.ts';
import { configHash, networkHash, volumeHash } from './config-hash.ts';
import { configLabel } from './config-label.ts';

/** The Compose version whose label conventions are followed; `docker compose ls` wants one to be there. */
export const COMPOSE_VERSION = '2.40.0';

export const LABEL = {
  project: 'com.docker.compose.project',
  service: 'com.docker.compose.service',
  number: 'com.docker.compose.container-number',
  configHash: 'com.docker.compose.config-hash',
  oneoff: 'com.docker.compose.oneoff',
  workingDir: 'com.docker.compose.project.working_dir',
  configFiles: 'com.docker.compose.project.config_files',
  envFiles: 'com.docker.compose.project.environment_file',
  dependsOn: 'com.docker.compose.depends_on',
  image: 'com.docker.compose.image',
  version: 'com.docker.compose.version',
  network: 'com.docker.compose.network',
  volume: 'com.docker.compose.volume',
  /** What the container was made of, for causes in words; see config-label.ts. */
  config: 'com.skilldeck.config',
  /**
   * Hash of the app's own files that it mounts, such as nginx.conf. A program reads them when it starts, so a change
   * of theirs is a reason to recreate like one of its configuration.
   */
  mountsHash: 'com.skilldeck.mounts-hash',
  /** On images that we built: hash of the build inputs. */
  buildHash: 'com.skilldeck.build-hash',
} as const;

export type Labels = Readonly<Record<string, string>>;

/**
 * Without `config-hash` and `oneoff` the Compose CLI does not see the container. User labels never erase ours.
 *
 * `definition` is the service's with references to other services resolved, see resolved-definition.ts.
 */
export function containerLabels(
  project: Project,
  service: Service,
  number: number,
  imageId: string,
  definition: ServiceDefinition = service.definition,
): Labels {
  const { envFiles = [] } = project;
  return {
    ...service.labels,
    [LABEL.project]: project.name,
    [LABEL.service]: service.name,
    [LABEL.number]: String(number),
    [LABEL.configHash]: configHash(service, 'docker', definition),
    [LABEL.oneoff]: 'False',
    [LABEL.workingDir]: project.workingDir,
    [LABEL.configFiles]: project.configFiles.join(','),
    ...(envFiles.length === 0 ? {} : { [LABEL.envFiles]: envFiles.join(',') }),
    [LABEL.dependsOn]: dependsOnLabel(service),
    [LABEL.image]: imageId,
    [LABEL.version]: COMPOSE_VERSION,
    [LABEL.config]: configLabel(service, 'docker'),
    ...(service.mountsHash === undefined ? {} : { [LABEL.mountsHash]: service.mountsHash }),
  };
}

export function networkLabels(project: Project, network: Network): Labels {
  return {
    ...network.labels,
    [LABEL.project]: project.name,
    [LABEL.network]: network.key,
    [LABEL.configHash]: networkHash(network),
    [LABEL.version]: COMPOSE_VERSION,
  };
}

export function volumeLabels(project: Project, volume: Volume): Labels {
  return {
    ...volume.labels,
    [LABEL.project]: project.name,
    [LABEL.volume]: volume.key,
    [LABEL.configHash]: volumeHash(volume),
    [LABEL.version]: COMPOSE_VERSION,
  };
}

/** `dep:condition:restart`, comma-joined; sorted, so that it is stable. */
export function dependsOnLabel(service: Service): string {
  return Object.entries(service.dependsOn)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, dependency]) => `${name}:${dependency.condition}:${dependency.restart}`)
    .join(',');
}

/** Names of the services that a container was started after, from its label alone. */
export function parseDependsOnLabel(label: string | undefined): readonly string[] {
  return (label ?? '')
    .split(',')
    .map((entry) => entry.split(':')[0] ?? '')
    .filter((name) => name !== '');
}
