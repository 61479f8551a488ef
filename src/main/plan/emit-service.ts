import type { Cause } from '../../shared/stack/plan-view.ts';
import { parseDuration } from '../compose/quantities.ts';
import { cause } from './causes.ts';
import type { ObservedContainer } from './observed-state.ts';
import { replacementOrder } from './replacement-order.ts';
import type { DecidedInstance, ServiceDecision } from './service-decision.ts';
import type { UpSteps } from './up-steps.ts';

type Needs = readonly (string | undefined)[];

/** Adds the steps of one service; those of all that it depends on are there already. */
export class ServiceEmitter {
  readonly #steps: UpSteps;
  readonly #decision: ServiceDecision;
  /** Dependencies, and who has to give up a port. */
  readonly #needs: Needs;
  readonly #after: readonly string[];
  /** What has to be ready before the next of several instances is taken down. */
  #turn: Needs = [];

  constructor(steps: UpSteps, decision: ServiceDecision, holders: readonly string[]) {
    this.#steps = steps;
    this.#decision = decision;
    const { needs, after } = steps.dependencies(decision.service);
    this.#needs = [...needs, ...holders.map((id) => steps.gone.get(id))];
    this.#after = after;
  }

  emit(): void {
    const { kept, missing, missingCause } = this.#decision;
    for (const number of missing) this.#start(number, missingCause, [this.#create(number, missingCause)]);
    const rolling: { readonly container: ObservedContainer; readonly why: Cause }[] = [];
    for (const { container, decision } of kept) {
      if (decision.kind !== 'renew') this.#emitKept({ container, decision });
      else if (this.#canReplace(container)) rolling.push({ container, why: decision.cause });
      else this.#renew(container, decision.cause);
    }
    this.#replaceInTurns(rolling);
  }

  #emitKept({ container, decision }: DecidedInstance): void {
    const { number } = container;
    const { builder, options } = this.#steps;
    const { service, until } = this.#decision;
    if (options.noStart || decision.kind === 'keep' || decision.kind === 'renew') return;
    if (decision.kind === 'wait') {
      this.#wait(number, cause('requested', `wait until ${service.name} is ${until}`), []);
    } else if (decision.kind === 'start') {
      this.#start(number, decision.cause, []);
    } else if (decision.kind === 'unpause') {
      const target = { service: service.name, containerId: container.id };
      const id = builder.add(
        { kind: 'unpause-container', ...target },
        decision.cause,
        this.#needs,
        this.#after,
      );
      this.#steps.note(this.#steps.started, service, id);
      this.#wait(number, decision.cause, [id]);
    } else {
      const stop = this.#steps.stop(container, decision.cause, [...this.#needs, ...this.#turn], this.#after);
      this.#turn = [this.#start(number, decision.cause, [stop])];
    }
  }

  #create(number: number, why: Cause): string {
    const { service } = this.#decision;
    const id = this.#steps.builder.add({ kind: 'create-container', service: service.name, number }, why, [
      ...this.#steps.resources(service, number),
    ]);
    this.#steps.note(this.#steps.created, service, id);
    return id;
  }

  /** @returns the step that makes it ready. */
  #start(number: number, why: Cause, needs: Needs): string | undefined {
    const { service } = this.#decision;
    if (this.#steps.options.noStart) return undefined;
    const id = this.#steps.rangeTurn(service, (turn) =>
      this.#steps.builder.add(
        { kind: 'start-container', service: service.name, number },
        why,
        [...needs, ...this.#needs],
        [...this.#after, ...turn],
      ),
    );
    this.#steps.note(this.#steps.started, service, id);
    return this.#wait(number, why, [id]);
  }

  #wait(number: number, why: Cause, needs: Needs): string {
    const { service, until } = this.#decision;
    const id = this.#steps.builder.add(
      { kind: 'wait-container', service: service.name, number, until },
      why,
      needs,
    );
    this.#steps.note(this.#steps.ready, service, id);
    return id;
  }

  /** Where the old container does not run, or had to stop already; anonymous volumes go over to the new one. */
  #renew({ id: containerId, number }: ObservedContainer, why: Cause): void {
    const { service } = this.#decision;
    const id = this.#steps.builder.add(
      { kind: 'recreate-container', service: service.name, number, containerId, ...this.#steps.timeout },
      why,
      [
        this.#steps.gone.get(containerId),
        ...this.#steps.resources(service, number),
        // A process that runs goes on until what it needs is ready.
        ...(this.#steps.options.engine === 'sandbox' ? this.#needs : []),
      ],
    );
    this.#steps.note(this.#steps.created, service, id);
    this.#start(number, why, [id]);
  }

  /** The sandbox has one process for each instance and no place for a second one. */
  #canReplace({ id, state }: ObservedContainer): boolean {
    const { engine, noStart } = this.#steps.options;
    return engine === 'docker' && state === 'running' && !noStart && !this.#steps.gone.has(id);
  }

  /** One after the other unless `deploy.update_config` allows more, so that the others go on answering. */
  #replaceInTurns(rolling: readonly { readonly container: ObservedContainer; readonly why: Cause }[]): void {
    const { service, until } = this.#decision;
    const { delay, monitor, parallelism = 1 } = service.definition.deploy?.update_config ?? {};
    const size = parallelism === 0 ? Math.max(1, rolling.length) : parallelism;
    const waits = { ...milliseconds('monitorMs', monitor), ...this.#steps.timeout };
    for (let first = 0; first < rolling.length; first += size) {
      const isLast = first + size >= rolling.length;
      const batch = rolling.slice(first, first + size).map(({ container, why }) => {
        const { id: containerId, number } = container;
        const order = replacementOrder(service, container, until);
        const step = this.#steps.rangeTurn(service, (turn) =>
          this.#steps.builder.add(
            {
              kind: 'replace-container',
              service: service.name,
              number,
              containerId,
              order,
              until,
              ...waits,
              ...(isLast ? {} : milliseconds('delayMs', delay)),
            },
            why,
            [...this.#turn, ...this.#needs, ...this.#steps.resources(service, number)],
            [...this.#after, ...turn],
          ),
        );
        for (const made of [this.#steps.created, this.#steps.started, this.#steps.ready])
          this.#steps.note(made, service, step);
        return step;
      });
      this.#turn = batch;
    }
  }
}

function milliseconds<K extends string>(key: K, duration: string | undefined): Partial<Record<K, number>> {
  const ms = duration === undefined ? undefined : parseDuration(duration);
  return ms === undefined ? {} : ({ [key]: ms } as Record<K, number>);
}
