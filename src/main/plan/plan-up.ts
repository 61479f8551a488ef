import { AppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';
import type { Cause } from '../../shared/stack/plan-view.ts';
import type { Project, Service } from '../compose/project.ts';
import { cause } from './causes.ts';
import { closure, requireServices } from './choose-services.ts';
import { dependenciesOf, inDependencyOrder } from './dependencies.ts';
import { ServiceEmitter } from './emit-service.ts';
import type { ObservedContainer, ObservedState } from './observed-state.ts';
import type { Plan } from './operation.ts';
import { isAlive, type OwnState, ownState } from './own-state.ts';
import { PlanBuilder } from './plan-builder.ts';
import { planImages } from './plan-images.ts';
import { type NetworkPlan, planNetworks } from './plan-networks.ts';
import { planVolumes, type VolumePlan } from './plan-volumes.ts';
import { findHandovers } from './port-handover.ts';
import { sharedInstance } from './resolved-definition.ts';
import { sandboxProject } from './sandbox-project.ts';
import { type OrphanInput, orphanChange, upChange } from './service-changes.ts';
import { decideService, type ServiceDecision } from './service-decision.ts';
import type { PlanUpOptions } from './up-options.ts';
import { leftoverCause, UpSteps } from './up-steps.ts';
import { requireHealthchecks, waitTargets } from './wait-target.ts';
import { withoutHealthWaits } from './without-health-waits.ts';

export type { PlanUpOptions } from './up-options.ts';

/**
 * What has to be done so that the project runs as its files say. Empty when it does.
 *
 * @throws AppError `compose.dependency_cycle`, `compose.invalid`, `service.unknown`
 */
export function planUp(project: Project, observed: ObservedState, options: PlanUpOptions): Plan {
  const plan = new UpPlanner(project, observed, options).plan();
  return options.noWait ? withoutHealthWaits(plan) : plan;
}

class UpPlanner {
  readonly #whole: Project;
  readonly #project: Project;
  readonly #observed: OwnState;
  readonly #options: PlanUpOptions;
  readonly #steps: UpSteps;
  /** All, dependencies first. */
  readonly #order: readonly Service[];
  /** Those that the plan is for, dependencies first. */
  readonly #services: readonly Service[];
  readonly #networks: NetworkPlan;
  readonly #volumes: VolumePlan;

  constructor(whole: Project, observed: ObservedState, options: PlanUpOptions) {
    const { engine } = options;
    this.#whole = whole;
    this.#options = options;
    const wanted = scaled(whole, options.scale ?? {});
    this.#project = engine === 'sandbox' ? sandboxProject(wanted) : wanted;
    requireServices(this.#project, [...(options.services ?? []), ...Object.keys(options.scale ?? {})]);
    this.#observed = ownState(observed, { projectName: whole.name });
    this.#steps = new UpSteps(new PlanBuilder(), this.#project, options);
    this.#order = inDependencyOrder(this.#project, engine);
    const { networks, services } = this.#choose();
    this.#services = services;
    this.#networks = networks;
    this.#volumes = planVolumes(this.#project, services, this.#observed);
  }

  plan(): Plan {
    const { builder } = this.#steps;
    requireHealthchecks(this.#project, this.#services, this.#observed);
    if (this.#options.engine === 'docker')
      this.#steps.images = planImages(builder, this.#project, this.#services, this.#observed, this.#options);
    this.#createResources();
    const orphans = this.#removeOrphans();
    const decisions = this.#decide();
    const removed = (id: string) => this.#steps.gone.has(id);
    for (const { leftovers, service, surplus } of decisions) {
      for (const container of leftovers) this.#remove(container, leftoverCause(container));
      for (const container of surplus) this.#remove(container, surplusCause(container, service));
    }
    const { early, holders } = findHandovers(decisions, this.#observed.containers, removed);
    for (const decision of decisions)
      for (const { container, decision: what } of decision.kept)
        if (what.kind === 'renew' && early.has(container.id))
          this.#steps.gone.set(container.id, this.#steps.stop(container, what.cause, this.#prepared()));
    for (const decision of decisions)
      new ServiceEmitter(this.#steps, decision, holders.get(decision.service.name) ?? []).emit();
    const plan = builder.build('up');
    const images = this.#steps.images;
    const kept = decisions.filter(({ kept: all }) => all.some(({ decision }) => decision.kind !== 'renew'));
    return {
      ...plan,
      services: [
        ...decisions.map((decision) => upChange(decision, this.#volumes, this.#options)),
        ...orphans.map(orphanChange),
      ].sort((a, b) => (a.service < b.service ? -1 : 1)),
      ...(kept.some(({ service }) => images.get(service.name)?.renews === false) ? { replan: true } : {}),
    };
  }

  /** A network can only be made anew when nothing hangs on it: who does comes along, chosen or not. */
  #choose(): { readonly services: readonly Service[]; readonly networks: NetworkPlan } {
    const { engine, noDeps, noRecreate, services: named = [] } = this.#options;
    const edges = (name: string) => {
      const service = this.#project.services[name];
      return service === undefined || noDeps ? [] : Object.keys(dependenciesOf(service, engine));
    };
    let names = closure(named.length === 0 ? this.#order.map(({ name }) => name) : named, edges);
    for (;;) {
      const services = this.#order.filter(({ name }) => names.has(name));
      const found = planNetworks(this.#project, services, this.#observed);
      const networks = noRecreate ? { ...found, changed: new Map() } : found;
      const attached = this.#attached(networks).filter(
        ({ service }) => this.#project.services[service] !== undefined && !names.has(service),
      );
      if (attached.length === 0) return { services, networks };
      names = closure([...names, ...attached.map(({ service }) => service)], edges);
    }
  }

  #attached({ changed }: NetworkPlan): readonly ObservedContainer[] {
    if (changed.size === 0) return [];
    const names = new Set([...changed.values()].map(({ found }) => found.name));
    return this.#observed.containers.filter(({ networks }) => networks.some((name) => names.has(name)));
  }

  #createResources(): void {
    const { builder } = this.#steps;
    for (const [volume, why] of this.#volumes.missing)
      this.#steps.volumes.set(volume, builder.add({ kind: 'create-volume', volume }, why));
    for (const [network, why] of this.#networks.missing)
      this.#steps.networks.set(network, builder.add({ kind: 'create-network', network }, why));
    const detached = this.#detach();
    for (const [network, { cause: why, found }] of this.#networks.changed) {
      const gone = builder.add({ kind: 'remove-network', network, networkId: found.id }, why, detached);
      this.#steps.networks.set(network, builder.add({ kind: 'create-network', network }, why, [gone]));
    }
  }

  /** What takes time before anything has to be stopped for it. */
  #prepared(): readonly string[] {
    return [...[...this.#steps.images.values()].map(({ id }) => id), ...this.#steps.volumes.values()];
  }

  /** Stops what hangs on changed networks, dependants first: a stopped container does not hold a network. */
  #detach(): readonly string[] {
    const attached = this.#attached(this.#networks).filter(isAlive);
    if (attached.length === 0) return [];
    const prepared = this.#prepared();
    const stops = new Map<string, string[]>();
    const dependantsFirst = [...this.#order].reverse().map(({ name }) => name);
    const orphans = attached.map(({ service }) => service).filter((name) => !dependantsFirst.includes(name));
    for (const name of [...new Set(orphans), ...dependantsFirst]) {
      const dependants = this.#order.filter((other) => other.dependsOn[name] !== undefined);
      const needs = [...prepared, ...dependants.flatMap((other) => stops.get(other.name) ?? [])];
      const own = attached.filter(({ service }) => service === name);
      const ids = own.map((container) => {
        const id = this.#steps.stop(container, this.#networkCause(container), needs);
        this.#steps.gone.set(container.id, id);
        return id;
      });
      stops.set(name, ids);
    }
    return [...stops.values()].flat();
  }

  #networkCause({ networks }: ObservedContainer): Cause {
    const changed = [...this.#networks.changed.values()].find(({ found }) => networks.includes(found.name));
    return changed?.cause ?? cause('network_changed', 'its network changed');
  }

  #removeOrphans(): readonly OrphanInput[] {
    const orphans: OrphanInput[] = [];
    for (const [service, containers] of this.#observed.byService) {
      if (this.#whole.services[service] !== undefined || this.#whole.inactiveServices?.includes(service))
        continue;
      const why = cause('orphan', `${service} is not in the files any more`);
      if (this.#options.removeOrphans) for (const container of containers) this.#remove(container, why);
      orphans.push({ service, containers, cause: why, removed: this.#options.removeOrphans === true });
    }
    return orphans;
  }

  #remove(container: ObservedContainer, why: Cause): void {
    this.#steps.remove(container, why);
  }

  #decide(): readonly ServiceDecision[] {
    const { engine, forceRecreate, noRecreate, services: named = [] } = this.#options;
    const targetOf = waitTargets(this.#project, engine);
    const networksByName = new Map(this.#observed.networks.map((network) => [network.name, network]));
    const decided = new Map<string, ServiceDecision>();
    const sharedContainer = (name: string) => {
      const decision = decided.get(name);
      if (decision !== undefined) return decision.sharedContainer;
      return sharedInstance(this.#observed.byService.get(name) ?? [])?.id;
    };
    for (const service of this.#services) {
      const forced = forceRecreate && (named.length === 0 || named.includes(service.name));
      const input = {
        project: this.#project,
        service,
        observed: this.#observed,
        engine,
        until: targetOf(service),
        networks: this.#networks,
        networksByName,
        imageStep: this.#steps.images.get(service.name),
        recreate: forced ? ('always' as const) : noRecreate ? ('never' as const) : ('diverged' as const),
        sharedContainer,
      };
      decided.set(service.name, decideService(input, dependenciesOf(service, engine), decided));
    }
    return [...decided.values()];
  }
}

function surplusCause({ name }: ObservedContainer, { name: service, replicas }: Service): Cause {
  const params = { container: name, to: String(replicas) };
  return cause('scale', `${replicas} instances of ${service} are wanted`, params);
}

/** @throws AppError `compose.invalid` for several containers of one name. */
function scaled(project: Project, scale: Readonly<Record<string, number>>): Project {
  const services = Object.values(project.services).map((service): [string, Service] => {
    const { containerName, name } = service;
    const replicas = scale[name] ?? service.replicas;
    if (replicas > 1 && containerName !== undefined)
      throw new AppError(
        'compose.invalid',
        phrase('container_name_once', { service: name, count: replicas, name: containerName }),
        {
          hint: `Remove container_name from ${name}, or run one instance.`,
          params: {
            path: `services.${name}.container_name`,
            expected: phrase('one_instance'),
            found: String(replicas),
          },
        },
      );
    return [name, replicas === service.replicas ? service : { ...service, replicas }];
  });
  return { ...project, services: Object.fromEntries(services) };
}
