import type { Project } from '../compose/project.ts';
import type { ObservedState } from './observed-state.ts';
import type { Plan } from './operation.ts';
import { planUp } from './plan-up.ts';
import type { PlanUpOptions } from './up-options.ts';

export interface PlanScaleOptions extends Omit<PlanUpOptions, 'services' | 'scale'> {
  readonly service: string;
  readonly replicas: number;
}

/**
 * Runs so many instances of a service from now on, with its dependencies; the next `up` goes by the files again.
 *
 * @throws AppError `service.unknown`, `compose.invalid`
 */
export function planScale(
  project: Project,
  observed: ObservedState,
  { replicas, service, ...options }: PlanScaleOptions,
): Plan {
  return planUp(project, observed, { ...options, services: [service], scale: { [service]: replicas } });
}
