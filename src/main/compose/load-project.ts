import { hostBaseName } from './host-path.ts';
import { interpolateTree } from './interpolate-tree.ts';
import type { LoadInput } from './load-tree.ts';
import { invalid, type Located, type LocatedMap } from './located.ts';
import { mergeFiles } from './merge-files.ts';
import { parseYaml } from './parse-yaml.ts';
import type { Network, Project, Service, Volume } from './project.ts';
import { defaultNetwork, readNetwork, readVolume } from './read-resources.ts';
import { readService } from './read-service.ts';
import { asMap, asText, MapReader } from './read-values.ts';
import { orderByDependency } from './service-order.ts';

export type { LoadInput } from './load-tree.ts';

const SERVICE_NAME = /^[a-zA-Z0-9._-]{1,128}$/;
const PROJECT_NAME = /^[a-z0-9][a-z0-9_-]{0,127}$/;

/**
 * Reads compose files as `docker compose` does.
 *
 * @throws AppError `compose.invalid`, `compose.unknown_key` or `compose.dependency_cycle`, naming the place.
 */
export async function loadProject(input: LoadInput): Promise<Project> {
  const trees = input.files.map((file) => interpolateTree(parseYaml(file), input.env));
  const root = mergeFiles(trees);
  const map = new MapReader(root, ['name', 'version', 'services', 'networks', 'volumes']);
  const name = projectName(input, map);
  const networks = readAll(map.get('networks'), (key, node) => readNetwork(name, key, node));
  const volumes = readAll(map.get('volumes'), (key, node) => readVolume(name, key, node));
  const nodes = map.required('services', 'at least one service', asMap);
  const all = readServices(nodes, input);
  const { active, inactive } = byProfile(all, activeProfiles(input));
  const withDefault =
    Object.values(active).some((service) => Object.hasOwn(service.networks, 'default')) &&
    !Object.hasOwn(networks, 'default')
      ? { ...networks, default: defaultNetwork(name) }
      : networks;
  checkReferences(nodes, active, withDefault, volumes);
  return {
    name,
    workingDir: input.workingDir,
    configFiles: input.files.map((file) => file.path),
    services: active,
    inactiveServices: inactive,
    networks: withDefault,
    volumes,
  };
}

function readServices(nodes: LocatedMap, input: LoadInput): Readonly<Record<string, Service>> {
  const home = input.env.HOME ?? input.env.USERPROFILE;
  const context = { workingDir: input.workingDir, home, env: input.env };
  const entries = [...nodes.entries].map(([name, node]): [string, Service] => {
    if (!SERVICE_NAME.test(name)) throw invalid(node.at, 'a name of letters, digits, . _ -', name);
    return [name, readService(name, node, context)];
  });
  if (entries.length === 0) throw invalid(nodes.at, 'at least one service', 'none');
  return Object.fromEntries(entries);
}

function byProfile(
  services: Readonly<Record<string, Service>>,
  profiles: readonly string[],
): { readonly active: Readonly<Record<string, Service>>; readonly inactive: readonly string[] } {
  const on = (service: Service) =>
    service.profiles.length === 0 ||
    profiles.includes('*') ||
    service.profiles.some((profile) => profiles.includes(profile));
  const entries = Object.entries(services);
  return {
    active: Object.fromEntries(entries.filter(([, service]) => on(service))),
    inactive: entries.filter(([, service]) => !on(service)).map(([name]) => name),
  };
}

function checkReferences(
  nodes: LocatedMap,
  services: Readonly<Record<string, Service>>,
  networks: Readonly<Record<string, Network>>,
  volumes: Readonly<Record<string, Volume>>,
): void {
  const graph: Record<string, readonly string[]> = {};
  for (const service of Object.values(services)) {
    const node = nodes.entries.get(service.name);
    const place = (key: string) => (node?.kind === 'map' ? (node.entries.get(key)?.at ?? node.at) : nodes.at);
    for (const [name, dependency] of Object.entries(service.dependsOn))
      if (dependency.required && !Object.hasOwn(services, name))
        throw invalid(place('depends_on'), 'a service of this project', name);
    for (const key of Object.keys(service.networks))
      if (!Object.hasOwn(networks, key)) throw invalid(place('networks'), 'a network of this project', key);
    for (const mount of service.volumes)
      if (mount.kind === 'volume' && mount.source !== undefined && !Object.hasOwn(volumes, mount.source))
        throw invalid(place('volumes'), 'a volume of this project, or a path', mount.source);
    graph[service.name] = Object.keys(service.dependsOn);
  }
  orderByDependency(graph);
}

function projectName(input: LoadInput, map: MapReader): string {
  const written = map.get('name');
  const given = input.projectName ?? nonEmpty(input.env.COMPOSE_PROJECT_NAME);
  const name = given ?? (written === undefined ? undefined : nonEmpty(asText(written)));
  if (name !== undefined) {
    if (!PROJECT_NAME.test(name))
      throw invalid(written?.at ?? map.at, 'a project name of a-z, 0-9, _ and -', name);
    return name;
  }
  const fromFolder = hostBaseName(input.workingDir)
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '');
  return fromFolder === '' ? 'project' : fromFolder;
}

function activeProfiles(input: LoadInput): readonly string[] {
  return input.profiles ?? (input.env.COMPOSE_PROFILES ?? '').split(',').filter((name) => name !== '');
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function readAll<T>(node: Located | undefined, read: (key: string, node: Located) => T): Record<string, T> {
  if (node === undefined) return {};
  return Object.fromEntries([...asMap(node).entries].map(([key, value]) => [key, read(key, value)]));
}
