import type { PlanStepView, PlanView } from '../../shared/stack/plan-view.ts';
import type { Operation, Plan, PlanStep } from '../plan/operation.ts';

/** The plan as the window shows it: no container ids, no configuration. */
export function toPlanView({ destroys, direction, services, steps }: Plan): PlanView {
  return {
    direction,
    steps: steps.map(toStepView),
    ...(services === undefined ? {} : { services: [...services] }),
    ...(destroys === undefined
      ? {}
      : { destroys: { volumes: [...destroys.volumes], images: [...destroys.images] } }),
  };
}

export function toStepView(step: PlanStep): PlanStepView {
  const { operation } = step;
  return {
    id: step.id,
    kind: operation.kind,
    phase: step.phase,
    target: targetOf(operation),
    ...('service' in operation ? { service: operation.service } : {}),
    cause: step.cause,
    dependsOn: [...step.dependsOn, ...(step.after ?? [])],
  };
}

function targetOf(operation: Operation): string {
  if ('service' in operation) return operation.service;
  if ('image' in operation) return operation.image;
  return 'network' in operation ? operation.network : operation.volume;
}
