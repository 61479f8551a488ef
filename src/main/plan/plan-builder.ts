import type { Cause, Phase } from '../../shared/stack/plan-view.ts';
import { orderLeniently } from '../compose/service-order.ts';
import type { Operation, Plan, PlanStep } from './operation.ts';

const PHASE_OF: Readonly<Record<Operation['kind'], Phase>> = {
  'create-network': 'prepare',
  'create-volume': 'prepare',
  'pull-image': 'image',
  'build-image': 'image',
  'create-container': 'prepare',
  'recreate-container': 'prepare',
  'replace-container': 'initialise',
  'start-container': 'initialise',
  'wait-container': 'health',
  'stop-container': 'stop',
  'kill-container': 'stop',
  'pause-container': 'stop',
  'unpause-container': 'initialise',
  'remove-container': 'stop',
  'remove-network': 'stop',
  'remove-volume': 'stop',
  'remove-image': 'stop',
};

/** Collects steps; two requests for the same operation become one step that waits for what either needs. */
export class PlanBuilder {
  readonly #steps = new Map<string, PlanStep>();

  /** @returns the id of the step. */
  add(
    operation: Operation,
    cause: Cause,
    needs: readonly (string | undefined)[] = [],
    after: readonly string[] = [],
  ): string {
    const id = stepId(operation);
    const previous = this.#steps.get(id);
    const wanted = needs.filter((need) => need !== undefined);
    const dependsOn = [...new Set([...(previous?.dependsOn ?? []), ...wanted])].sort();
    const loose = [...new Set([...(previous?.after ?? []), ...after])].sort();
    this.#steps.set(id, {
      id,
      operation,
      phase: PHASE_OF[operation.kind],
      cause: previous?.cause ?? cause,
      dependsOn,
      ...(loose.length === 0 ? {} : { after: loose }),
    });
    return id;
  }

  /** Lets a step that was added wait for others as well. */
  require(id: string, needs: readonly (string | undefined)[]): void {
    const step = this.#steps.get(id);
    if (step !== undefined) this.add(step.operation, step.cause, needs);
  }

  has(id: string): boolean {
    return this.#steps.has(id);
  }

  build(direction: Plan['direction']): Plan {
    const graph: Record<string, readonly string[]> = {};
    for (const step of this.#steps.values()) graph[step.id] = [...step.dependsOn, ...(step.after ?? [])];
    const steps = orderLeniently(graph).flatMap((id) => this.#steps.get(id) ?? []);
    return { direction, steps };
  }
}

export function stepId(operation: Operation): string {
  switch (operation.kind) {
    case 'create-network':
    case 'remove-network':
      return `${operation.kind}:${operation.network}`;
    case 'create-volume':
    case 'remove-volume':
      return `${operation.kind}:${operation.volume}`;
    case 'pull-image':
    case 'build-image':
      return `${operation.kind}:${operation.service}`;
    case 'remove-image':
      return `${operation.kind}:${operation.image}`;
    case 'stop-container':
    case 'kill-container':
    case 'pause-container':
    case 'unpause-container':
    case 'remove-container':
      return `${operation.kind}:${operation.service}:${operation.containerId.slice(0, 12)}`;
    default:
      return `${operation.kind}:${operation.service}-${operation.number}`;
  }
}
