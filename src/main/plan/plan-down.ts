import type { ServiceChange } from '../../shared/stack/plan-view.ts';
import type { Project } from '../compose/project.ts';
import { cause } from './causes.ts';
import { closure } from './choose-services.ts';
import { imageReference } from './container-name.ts';
import { type LabelGraph, labelGraph } from './label-graph.ts';
import { LABEL } from './labels.ts';
import type { ObservedContainer, ObservedState } from './observed-state.ts';
import type { Plan } from './operation.ts';
import { isAlive, type OwnState, ownState } from './own-state.ts';
import { PlanBuilder } from './plan-builder.ts';
import { volumeKeys } from './plan-volumes.ts';
import { removedChange } from './service-changes.ts';

/** Names are those of `docker compose down`. */
export interface PlanDownOptions {
  /** Absent or empty: all. Their dependants go too. */
  readonly services?: readonly string[];
  /** Also what the files do not describe any more; default true, since without files nobody can tell. */
  readonly removeOrphans?: boolean;
  /** Destroys the data in the project's own volumes. */
  readonly volumes?: boolean;
  /** `local`: only those that have no name of their own in the files, as builds have. */
  readonly images?: 'none' | 'local' | 'all';
  /** Between stop signal and kill, instead of each service's own grace period. */
  readonly timeoutMs?: number;
}

/**
 * Takes down all that carries the project's labels: dependants first, then networks. Volumes stay unless asked for.
 *
 * Works from labels alone; the project, where the files can be read, adds to the order and knows what is external.
 */
export function planDown(observed: ObservedState, project?: Project, options: PlanDownOptions = {}): Plan {
  const own = ownState(observed, {
    ...(project === undefined ? {} : { projectName: project.name }),
    oneOffs: true,
  });
  const builder = new PlanBuilder();
  const graph = labelGraph(own, project);
  const chosen = chooseContainers(own, graph, project, options);
  const changes: ServiceChange[] = [];
  const removed = new Map<string, readonly string[]>();
  for (const service of graph.dependantsFirst) {
    const containers = (own.byService.get(service) ?? []).filter((container) => chosen.has(container));
    if (containers.length === 0) continue;
    const why = isOrphan(service, project)
      ? cause('orphan', `${service} is not in the files any more`)
      : cause('requested', 'the stack is stopped');
    const before = graph.dependants(service).flatMap((name) => removed.get(name) ?? []);
    const ids = containers.map((container) => {
      const target = { service, containerId: container.id };
      const timeout = options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs };
      const needs = isAlive(container)
        ? [builder.add({ kind: 'stop-container', ...target, ...timeout }, why, before)]
        : before;
      const volumes = options.volumes ? { volumes: true as const } : {};
      return builder.add({ kind: 'remove-container', ...target, ...volumes }, why, needs);
    });
    removed.set(service, ids);
    changes.push(removedChange(service, containers, [why]));
  }
  const gone = [...removed.values()].flat();
  const staying = own.containers.filter((container) => !chosen.has(container));
  removeNetworks(builder, own, staying, gone);
  const destroys = {
    volumes: options.volumes ? removeVolumes(builder, { own, chosen, staying, project, options, gone }) : [],
    images: removeImages(builder, { own, chosen, staying, project, options, gone }),
  };
  return { ...builder.build('down'), services: withUntouched(changes, own, project), destroys };
}

interface DownContext {
  readonly own: OwnState;
  readonly chosen: ReadonlySet<ObservedContainer>;
  readonly staying: readonly ObservedContainer[];
  readonly project: Project | undefined;
  readonly options: PlanDownOptions;
  /** Steps that remove the containers. */
  readonly gone: readonly string[];
}

function chooseContainers(
  own: OwnState,
  graph: LabelGraph,
  project: Project | undefined,
  { removeOrphans = true, services = [] }: PlanDownOptions,
): ReadonlySet<ObservedContainer> {
  const names = services.length === 0 ? undefined : closure(services, (name) => graph.dependants(name));
  return new Set(
    own.containers.filter(({ service }) =>
      names === undefined ? removeOrphans || !isOrphan(service, project) : names.has(service),
    ),
  );
}

function isOrphan(service: string, project: Project | undefined): boolean {
  if (project === undefined || project.services[service] !== undefined) return false;
  return !project.inactiveServices?.includes(service);
}

/** Those that nobody uses any more. */
function removeNetworks(
  builder: PlanBuilder,
  own: OwnState,
  staying: readonly ObservedContainer[],
  gone: readonly string[],
): void {
  const used = new Set(staying.flatMap(({ networks }) => networks));
  for (const { id, key, name } of own.networks)
    if (!used.has(name))
      builder.add(
        { kind: 'remove-network', network: key, networkId: id },
        cause('requested', 'the stack is stopped'),
        gone,
      );
}

/** @returns the engine's names of what is destroyed. */
function removeVolumes(
  builder: PlanBuilder,
  { chosen, gone, options, own, project, staying }: DownContext,
): string[] {
  const used = new Set(staying.flatMap(({ volumes = {} }) => Object.values(volumes)));
  const mounted = new Set([...chosen].flatMap((container) => mountedVolumes(container, project)));
  const external = new Set(
    Object.values(project?.volumes ?? {}).flatMap((volume) => (volume.external ? [volume.name] : [])),
  );
  const isWhole = (options.services ?? []).length === 0;
  const destroyed: string[] = [];
  for (const { key, name } of own.volumes) {
    // Of some services only what they alone have mounted.
    if (external.has(name) || used.has(name) || (!isWhole && !mounted.has(name))) continue;
    const volume = project?.volumes[key]?.name === name ? key : name;
    builder.add({ kind: 'remove-volume', volume }, cause('requested', 'its data is to be deleted'), gone);
    destroyed.push(name);
  }
  return destroyed;
}

function mountedVolumes(container: ObservedContainer, project: Project | undefined): readonly string[] {
  if (container.volumes !== undefined) return Object.values(container.volumes);
  const service = project?.services[container.service];
  return service === undefined ? [] : volumeKeys(service).map((key) => project?.volumes[key]?.name ?? key);
}

/** @returns the references. */
function removeImages(builder: PlanBuilder, context: DownContext): string[] {
  const { chosen, gone, options, own, project, staying } = context;
  const { images = 'none' } = options;
  if (images === 'none') return [];
  const services = (options.services ?? []).length === 0 ? Object.values(project?.services ?? {}) : [];
  const named = new Set(Object.values(project?.services ?? {}).flatMap(({ image }) => image ?? []));
  const used = new Set(staying.map(({ imageRef }) => imageRef));
  const references = new Set([
    ...[...chosen].map(({ imageRef }) => imageRef),
    ...services.flatMap((service) => {
      const reference = project === undefined ? '' : imageReference(project, service);
      return own.images[reference] === undefined ? [] : [reference];
    }),
  ]);
  const localNames = new Set(
    [...chosen].map(({ labels, service }) => `${projectName(labels, project)}-${service}`),
  );
  for (const service of services) localNames.add(`${project?.name}-${service.name}`);
  return [...references].sort().filter((image) => {
    if (image === '' || used.has(image)) return false;
    if (images === 'local' && (named.has(image) || !localNames.has(image.replace(/:latest$/, ''))))
      return false;
    builder.add({ kind: 'remove-image', image }, cause('requested', 'its image is to be deleted'), gone);
    return true;
  });
}

function projectName(labels: ObservedContainer['labels'], project: Project | undefined): string {
  return project?.name ?? labels[LABEL.project] ?? '';
}

/** Services and orphans that the plan leaves as they are are listed as well. */
function withUntouched(
  changes: readonly ServiceChange[],
  own: OwnState,
  project: Project | undefined,
): readonly ServiceChange[] {
  const listed = new Set(changes.map(({ service }) => service));
  const others = new Set([...Object.keys(project?.services ?? {}), ...own.byService.keys()]);
  const untouched = [...others]
    .filter((name) => !listed.has(name))
    .map((service): ServiceChange => {
      const count = own.byService.get(service)?.length ?? 0;
      return { service, action: 'none', causes: [], replicas: { from: count, to: count }, downtime: 'none' };
    });
  return [...changes, ...untouched].sort((a, b) => (a.service < b.service ? -1 : 1));
}
