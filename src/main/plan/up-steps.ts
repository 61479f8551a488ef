import type { Cause } from '../../shared/stack/plan-view.ts';
import type { Project, Service } from '../compose/project.ts';
import { cause } from './causes.ts';
import { containerName } from './container-name.ts';
import { type Dependencies, dependenciesOf } from './dependencies.ts';
import type { ObservedContainer } from './observed-state.ts';
import { isAlive } from './own-state.ts';
import type { PlanBuilder } from './plan-builder.ts';
import type { ImageStep } from './plan-images.ts';
import { volumeKeys } from './plan-volumes.ts';
import { sharedServices } from './resolved-definition.ts';
import type { PlanUpOptions } from './up-options.ts';

/** What other steps wait for, while a plan to start is put together. */
export class UpSteps {
  readonly builder: PlanBuilder;
  readonly options: PlanUpOptions;
  readonly project: Project;
  /** By service. */
  images: ReadonlyMap<string, ImageStep> = new Map();
  /** By key of the network or volume. */
  readonly networks = new Map<string, string>();
  readonly volumes = new Map<string, string>();
  /** By container: the step after which it does not run any more. */
  readonly gone = new Map<string, string>();
  /** By service: the steps after which there is a container, it runs, it is as dependants want it. */
  readonly created = new Map<string, string[]>();
  readonly started = new Map<string, string[]>();
  readonly ready = new Map<string, string[]>();
  readonly #goneNames = new Map<string, string>();
  #rangeStarts: string[] = [];

  constructor(builder: PlanBuilder, project: Project, options: PlanUpOptions) {
    this.builder = builder;
    this.project = project;
    this.options = options;
  }

  get timeout(): { readonly timeoutMs?: number } {
    return this.options.timeoutMs === undefined ? {} : { timeoutMs: this.options.timeoutMs };
  }

  remove(container: ObservedContainer, why: Cause, needs: readonly (string | undefined)[] = []): string {
    const target = { service: container.service, containerId: container.id };
    const stop = isAlive(container) ? this.stop(container, why, needs) : undefined;
    const id = this.builder.add(
      { kind: 'remove-container', ...target },
      why,
      stop === undefined ? needs : [stop],
    );
    this.gone.set(container.id, id);
    this.#goneNames.set(container.name, id);
    return id;
  }

  stop(
    container: ObservedContainer,
    why: Cause,
    needs: readonly (string | undefined)[] = [],
    after: readonly string[] = [],
  ): string {
    const target = { service: container.service, containerId: container.id };
    return this.builder.add({ kind: 'stop-container', ...target, ...this.timeout }, why, needs, after);
  }

  /** All that has to be there before a container of the service can be created. */
  resources(service: Service, number: number): readonly (string | undefined)[] {
    return [
      this.images.get(service.name)?.id,
      ...Object.keys(service.networks).map((key) => this.networks.get(key)),
      ...volumeKeys(service).map((key) => this.volumes.get(key)),
      ...[...sharedServices(service.definition), ...linkedServices(service)].flatMap(
        (name) => this.created.get(name) ?? [],
      ),
      this.#goneNames.get(containerName(this.project, service, number)),
    ];
  }

  dependencies(service: Service): { readonly needs: readonly string[]; readonly after: readonly string[] } {
    const needs: string[] = [];
    const after: string[] = [];
    const dependencies: Dependencies = dependenciesOf(service, this.options.engine);
    for (const [name, { condition, required }] of Object.entries(dependencies)) {
      const steps = (condition === 'service_started' ? this.started : this.ready).get(name) ?? [];
      (required ? needs : after).push(...steps);
    }
    return { needs, after };
  }

  /** Engines do not choose ports of a range atomically: those starts go one after the other. */
  rangeTurn(service: Service, start: (after: readonly string[]) => string): string {
    const isRange = service.ports.some(
      ({ published, publishedEnd = published }) => publishedEnd !== published,
    );
    const id = start(isRange ? this.#rangeStarts : []);
    if (isRange) this.#rangeStarts = [id];
    return id;
  }

  note(steps: Map<string, string[]>, service: Service, id: string): void {
    const known = steps.get(service.name);
    if (known === undefined) steps.set(service.name, [id]);
    else known.push(id);
  }
}

export function leftoverCause({ name }: ObservedContainer): Cause {
  return cause('obsolete', `${name} is left over`, { container: name });
}

/** `links` name containers when one is created: those that are not there yet would be left out. */
function linkedServices({ definition: { links = [] } }: Service): readonly string[] {
  return links.map((link) => link.split(':')[0] ?? link);
}
