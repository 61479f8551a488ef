import type { Cause } from '../../shared/stack/plan-view.ts';
import type { EngineKind } from '../../shared/stack/stack-snapshot.ts';
import type { Project, Service } from '../compose/project.ts';
import { orderByDependency } from '../compose/service-order.ts';
import { cause } from './causes.ts';
import { containerName } from './container-name.ts';
import { decideInstance, type InstanceDecision } from './instance-decision.ts';
import type { ObservedContainer, ObservedState } from './observed-state.ts';
import type { Plan } from './operation.ts';
import { PlanBuilder } from './plan-builder.ts';
import { planImages } from './plan-images.ts';
import { planNetworks, planVolumes } from './plan-resources.ts';
import { sandboxProject } from './sandbox-project.ts';

export interface PlanUpOptions {
  readonly engine: EngineKind;
  /** Hash of the build inputs as they are on disk now, by service; a service without one is built only when its image is missing. */
  readonly buildHashes?: Readonly<Record<string, string>>;
}

/** What has to be done so that the project runs as its files say. Empty when it does. */
export function planUp(whole: Project, observed: ObservedState, options: PlanUpOptions): Plan {
  const project = options.engine === 'sandbox' ? sandboxProject(whole) : whole;
  return new UpPlanner(project, observed, options).plan();
}

/** What the start of a service must have reached before its dependants go on. */
export function waitTarget(
  project: Project,
  service: Service,
  engine: EngineKind,
): 'running' | 'healthy' | 'completed' {
  const awaited = Object.values(project.services).some(
    (other) => other.dependsOn[service.name]?.condition === 'service_completed_successfully',
  );
  if (awaited) return 'completed';
  if (engine === 'sandbox') return service.skilldeck.sandbox?.health === undefined ? 'running' : 'healthy';
  if (service.healthcheck !== undefined && !service.healthcheck.disabled) return 'healthy';
  const required = Object.values(project.services).some(
    (other) => other.dependsOn[service.name]?.condition === 'service_healthy',
  );
  return required ? 'healthy' : 'running';
}

class UpPlanner {
  readonly #project: Project;
  readonly #observed: ObservedState;
  readonly #options: PlanUpOptions;
  readonly #builder = new PlanBuilder();
  /** Last step of a service that is started or restarted in this plan. */
  readonly #ready = new Map<string, string>();
  readonly #replaced = new Set<string>();
  #imageSteps: ReadonlyMap<string, { readonly id: string; readonly cause: Cause }> = new Map();
  #networks: ReturnType<typeof planNetworks> = { changed: new Set(), createStep: new Map() };
  #volumes: ReadonlyMap<string, string> = new Map();

  constructor(project: Project, observed: ObservedState, options: PlanUpOptions) {
    this.#project = project;
    this.#observed = observed;
    this.#options = options;
  }

  plan(): Plan {
    const graph: Record<string, readonly string[]> = {};
    for (const service of Object.values(this.#project.services))
      graph[service.name] = Object.keys(service.dependsOn);
    const order = orderByDependency(graph);
    if (this.#options.engine === 'docker') {
      this.#networks = planNetworks(this.#builder, this.#project, this.#observed);
      this.#volumes = planVolumes(this.#builder, this.#project, this.#observed);
      this.#imageSteps = planImages(
        this.#builder,
        this.#project,
        this.#observed,
        this.#options.buildHashes ?? {},
      );
    }
    for (const name of order) {
      const service = this.#project.services[name];
      if (service !== undefined) this.#planService(service);
    }
    return this.#builder.build('up');
  }

  #planService(service: Service): void {
    const { keep, obsolete } = this.#instances(service);
    const gone = obsolete.map((container) => this.#remove(container));
    const engine = this.#options.engine;
    const waitsFor = waitTarget(this.#project, service, engine);
    const decided = decideInstance({
      project: this.#project,
      service,
      observed: this.#observed,
      engine,
      container: keep,
      imageCause: this.#imageSteps.get(service.name)?.cause,
      waitsFor,
      changedNetworks: this.#networks.changed,
    });
    this.#emit(service, this.#withDependencies(service, keep, decided), keep, gone, waitsFor);
  }

  /** `depends_on: { restart: true }`: a dependency that is replaced takes its dependants along. */
  #withDependencies(
    service: Service,
    keep: ObservedContainer | undefined,
    decided: InstanceDecision,
  ): InstanceDecision {
    if (keep?.state !== 'running' || (decided.kind !== 'keep' && decided.kind !== 'wait')) return decided;
    const moved = Object.entries(service.dependsOn).find(
      ([name, dependency]) => dependency.restart && this.#replaced.has(name),
    );
    if (moved === undefined) return decided;
    return {
      kind: 'restart',
      cause: cause('dependency', `${moved[0]} is replaced`, { dependency: moved[0] }),
    };
  }

  #emit(
    service: Service,
    decided: InstanceDecision,
    keep: ObservedContainer | undefined,
    gone: readonly string[],
    waitsFor: 'running' | 'healthy' | 'completed',
  ): void {
    if (decided.kind === 'keep') return;
    const name = service.name;
    const reason =
      decided.kind === 'wait' ? cause('requested', `wait until ${name} is ${waitsFor}`) : decided.cause;
    const started = this.#emitStart(service, decided, reason, keep, gone);
    const wait = this.#builder.add(
      { kind: 'wait-container', service: name, number: 1, until: waitsFor },
      reason,
      [started],
    );
    this.#ready.set(name, wait);
    if (decided.kind === 'recreate' || decided.kind === 'restart') this.#replaced.add(name);
  }

  /** @returns the step that starts it, undefined when it runs already. */
  #emitStart(
    service: Service,
    decided: InstanceDecision,
    reason: Cause,
    keep: ObservedContainer | undefined,
    gone: readonly string[],
  ): string | undefined {
    const name = service.name;
    const before: (string | undefined)[] = [...gone];
    const { needs, after } = this.#dependencySteps(service);
    if (decided.kind === 'wait') return undefined;
    if (decided.kind === 'create')
      before.push(
        this.#builder.add({ kind: 'create-container', service: name, number: 1 }, reason, [
          ...gone,
          ...this.#resourceSteps(service),
        ]),
      );
    if (decided.kind === 'recreate' && keep !== undefined)
      before.push(this.#recreate(service, keep, reason, gone));
    if (decided.kind === 'restart' && keep !== undefined)
      before.push(
        this.#builder.add(
          { kind: 'stop-container', service: name, containerId: keep.id },
          reason,
          needs,
          after,
        ),
      );
    return this.#builder.add(
      { kind: 'start-container', service: name, number: 1 },
      reason,
      [...before, ...needs],
      after,
    );
  }

  #recreate(service: Service, old: ObservedContainer, reason: Cause, gone: readonly string[]): string {
    const resources = this.#resourceSteps(service);
    const { needs, after } = this.#dependencySteps(service);
    const blocked = Object.keys(service.networks).some((key) => this.#networks.changed.has(key));
    // A network can only be made anew when nothing hangs on it: here the old container has to go first.
    if (blocked) {
      const removed = this.#remove(old, reason);
      return this.#builder.add({ kind: 'create-container', service: service.name, number: 1 }, reason, [
        ...gone,
        removed,
        ...resources,
      ]);
    }
    // The old one runs until its dependencies are ready, so that the gap is as short as it can be.
    return this.#builder.add(
      { kind: 'recreate-container', service: service.name, number: 1, containerId: old.id },
      reason,
      [...gone, ...resources, ...needs],
      after,
    );
  }

  #remove(container: ObservedContainer, reason?: Cause): string {
    const why = reason ?? cause('obsolete', `${container.name} is left over`, { container: container.name });
    const target = { service: container.service, containerId: container.id };
    const running = container.state !== 'exited' && container.state !== 'created';
    const stop = running ? this.#builder.add({ kind: 'stop-container', ...target }, why) : undefined;
    const id = this.#builder.add({ kind: 'remove-container', ...target }, why, [stop]);
    return id;
  }

  #resourceSteps(service: Service): readonly (string | undefined)[] {
    const volumes = service.volumes.flatMap((mount) =>
      mount.kind === 'volume' && mount.source !== undefined ? [mount.source] : [],
    );
    return [
      this.#imageSteps.get(service.name)?.id,
      ...Object.keys(service.networks).map((key) => this.#networks.createStep.get(key)),
      ...volumes.map((key) => this.#volumes.get(key)),
    ];
  }

  #dependencySteps(service: Service): {
    readonly needs: readonly string[];
    readonly after: readonly string[];
  } {
    const needs: string[] = [];
    const after: string[] = [];
    for (const [name, dependency] of Object.entries(service.dependsOn)) {
      const ready = this.#ready.get(name);
      if (ready === undefined) continue;
      const start = `start-container:${name}-1`;
      const awaited =
        dependency.condition === 'service_started' ? (this.#builder.has(start) ? start : undefined) : ready;
      if (awaited !== undefined) (dependency.required ? needs : after).push(awaited);
    }
    return { needs, after };
  }

  /** The instance that the plan works with, and what an interrupted recreate or a scale-down has left. */
  #instances(service: Service): {
    readonly keep: ObservedContainer | undefined;
    readonly obsolete: readonly ObservedContainer[];
  } {
    const all = this.#observed.containers.filter((container) => container.service === service.name);
    if (this.#options.engine === 'sandbox') return { keep: all[0], obsolete: all.slice(1) };
    const name = containerName(this.#project, service, 1);
    const keep = all.find((container) => container.name === name);
    // Under another name only because `container_name` changed: replaced in the usual way, not dropped first.
    const instead = keep ?? all.find((container) => container.number === 1 && !isTemporary(container.name));
    return { keep: instead, obsolete: all.filter((container) => container !== instead) };
  }
}

/** The name that a replacement has until the old container is gone: `<12 hex digits>_<name>`. */
function isTemporary(name: string): boolean {
  return /^[0-9a-f]{12}_/.test(name);
}
