import type { Project } from '../compose/project.ts';
import type { ObservedState } from './observed-state.ts';
import type { Plan } from './operation.ts';
import { planUp } from './plan-up.ts';
import type { PlanUpOptions } from './up-options.ts';

export interface PlanScaleOptions extends Omit<PlanUpOptions, 'services'> {
  /** Instances by service. */
  readonly scale: Readonly<Record<string, number>>;
}

/**
 * Runs so many instances of these services from now on, with their dependencies; the next `up` goes by the files again.
 *
 * @throws AppError `service.unknown`, `compose.invalid`
 */
export function planScale(project: Project, observed: ObservedState, options: PlanScaleOptions): Plan {
  return planUp(project, observed, { ...options, services: Object.keys(options.scale) });
}
