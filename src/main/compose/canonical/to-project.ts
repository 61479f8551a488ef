import type { Definitions, ProjectDefinition, ServiceDefinition } from '../definition.ts';
import type { LoadedTree } from '../load-tree.ts';
import type { Network, Project, Volume } from '../project.ts';
import { checkReferences } from './check-references.ts';
import { checkServices } from './check-services.ts';
import { decodeProject } from './decode-project.ts';
import { goJson } from './go-json.ts';
import { toService } from './to-service.ts';
import { findUnsupported } from './unsupported.ts';

/**
 * The tree as a project: checked as Compose checks it, profiles applied, what nothing uses left out.
 *
 * @throws AppError `compose.invalid`, `compose.unknown_key` or `compose.dependency_cycle`, naming the place.
 */
export function toProject(tree: LoadedTree): Project {
  const decoded = decodeProject(tree.root);
  const all = Object.entries(decoded.services);
  const isOn = ([, service]: (typeof all)[number]) => isActive(service, tree.profiles);
  const inactive = all.filter((entry) => !isOn(entry)).map(([name]) => name);
  const active = mapEntries(Object.fromEntries(all.filter(isOn)), (_name, service) => withReplicas(service));
  checkServices(tree.root, active);
  checkReferences(tree.root, decoded, active);
  const used = usedResources(active);
  const services = mapEntries(active, (name, definition) => toService(name, definition, tree.root));
  const unsupported = findUnsupported(tree.root, decoded, active);
  return {
    name: tree.name,
    workingDir: tree.workingDir,
    configFiles: tree.configFiles,
    services,
    inactiveServices: inactive,
    profiles: allProfiles(Object.values(decoded.services), tree.profiles),
    networks: mapEntries(pick(decoded.networks, used.networks), toNetwork),
    volumes: mapEntries(pick(decoded.volumes, used.volumes), toVolume),
    configs: pick(decoded.configs, used.configs),
    secrets: pick(decoded.secrets, used.secrets),
    models: decoded.models,
    extensions: decoded.extensions,
    ...(unsupported.length === 0 ? {} : { unsupported }),
    ...(tree.warnings.length === 0 ? {} : { warnings: tree.warnings }),
    variables: tree.env,
  };
}

/** What `docker compose config` prints of it. */
export function projectDefinition(project: Project): ProjectDefinition {
  const definitions = <T>(parts: Readonly<Record<string, { readonly definition: T }>>) =>
    nonEmpty(mapEntries(parts, (_key, { definition }) => definition));
  const sections = {
    configs: nonEmpty(project.configs),
    name: project.name,
    networks: definitions(project.networks),
    secrets: nonEmpty(project.secrets),
    services: mapEntries(
      project.services,
      (_key, { definition: { label_file: _read, ...printed } }) => printed,
    ),
    volumes: definitions(project.volumes),
  };
  const present = Object.entries(sections).filter(([, section]) => section !== undefined);
  // `x-` sorts after all of them. The sections are those of the type.
  return { ...Object.fromEntries(present), ...project.extensions } as unknown as ProjectDefinition;
}

/** Byte for byte what `docker compose config --format json` prints. */
export function toConfigJson(project: Project): string {
  return goJson(projectDefinition(project), 2).replaceAll('$', '$$$$');
}

function isActive({ profiles = [] }: ServiceDefinition, on: readonly string[]): boolean {
  return profiles.length === 0 || on.includes('*') || profiles.some((profile) => on.includes(profile));
}

function allProfiles(
  services: readonly ServiceDefinition[],
  on: readonly string[],
): NonNullable<Project['profiles']> {
  const names = [...new Set(services.flatMap(({ profiles = [] }) => profiles))].sort();
  return names.map((name) => ({ name, active: on.includes('*') || on.includes(name) }));
}

/** Compose writes `scale` into `deploy`, where there is one. */
function withReplicas(service: ServiceDefinition): ServiceDefinition {
  const { scale, deploy } = service;
  if (scale === undefined || deploy === undefined || deploy.replicas === scale) return service;
  const { mode, ...rest } = deploy;
  const replaced = { ...(mode === undefined ? {} : { mode }), replicas: scale, ...rest };
  // Assigning to a key that is there keeps its position.
  return { ...service, deploy: replaced };
}

function usedResources(active: Definitions<ServiceDefinition>) {
  const services = Object.values(active);
  return {
    networks: new Set(services.flatMap(({ networks }) => Object.keys(networks ?? {}))),
    volumes: new Set(
      services.flatMap(({ volumes = [] }) =>
        volumes.flatMap(({ type, source }) => (type === 'volume' && source !== undefined ? [source] : [])),
      ),
    ),
    configs: new Set(services.flatMap(({ configs = [] }) => configs.map(({ source = '' }) => source))),
    secrets: new Set(
      services.flatMap(({ secrets = [], build }) =>
        [...secrets, ...(build?.secrets ?? [])].map(({ source = '' }) => source),
      ),
    ),
  };
}

function toNetwork(key: string, definition: NonNullable<ProjectDefinition['networks']>[string]): Network {
  const { name, driver } = definition;
  return {
    key,
    name,
    definition,
    external: definition.external === true,
    ...(driver === undefined ? {} : { driver }),
    internal: definition.internal === true,
    ipam: definition.ipam.config ?? [],
    labels: definition.labels ?? {},
  };
}

function toVolume(key: string, definition: NonNullable<ProjectDefinition['volumes']>[string]): Volume {
  const { name, driver } = definition;
  return {
    key,
    name,
    definition,
    external: definition.external === true,
    ...(driver === undefined ? {} : { driver }),
    driverOpts: definition.driver_opts ?? {},
    labels: definition.labels ?? {},
  };
}

function pick<T>(all: Definitions<T>, keys: ReadonlySet<string>): Definitions<T> {
  return Object.fromEntries(Object.entries(all).filter(([key]) => keys.has(key)));
}

function mapEntries<T, R>(
  all: Readonly<Record<string, T>>,
  make: (key: string, value: T) => R,
): Record<string, R> {
  return Object.fromEntries(Object.entries(all).map(([key, value]) => [key, make(key, value)]));
}

function nonEmpty<T extends object>(value: T | undefined): T | undefined {
  return value === undefined || Object.keys(value).length === 0 ? undefined : value;
}
