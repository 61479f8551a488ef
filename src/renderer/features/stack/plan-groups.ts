import type { OperationKind, PlanStepView, PlanView } from '../../../shared/stack/plan-view.ts';
import type { TagTone } from '../../ui/tag.tsx';

export interface PlanGroup<S extends PlanStepView = PlanStepView> {
  /** A service; nothing for networks and volumes. */
  readonly service: string | undefined;
  readonly steps: readonly S[];
}

/** Steps by service in the order of the plan, what belongs to the whole project first. */
export function groupPlan<S extends PlanStepView>(steps: readonly S[]): PlanGroup<S>[] {
  const groups = new Map<string, S[]>();
  for (const step of steps) {
    const key = step.service ?? '';
    const members = groups.get(key);
    if (members) members.push(step);
    else groups.set(key, [step]);
  }
  return [...groups]
    .map(([service, members]) => ({ service: service || undefined, steps: members }))
    .sort((a, b) => Number(a.service !== undefined) - Number(b.service !== undefined));
}

/** How many services and resources the plan touches, as the header counts changes. */
export function countChanges(plan: PlanView | undefined): number {
  const steps = plan?.steps ?? [];
  return new Set(
    steps.filter((step) => step.kind !== 'wait-container').map((step) => step.service ?? step.target),
  ).size;
}

const TONES: Record<OperationKind, TagTone> = {
  'create-network': 'ok',
  'create-volume': 'ok',
  'pull-image': 'accent',
  'build-image': 'accent',
  'create-container': 'ok',
  'recreate-container': 'warn',
  'replace-container': 'warn',
  'start-container': 'ok',
  'wait-container': 'plain',
  'stop-container': 'warn',
  'kill-container': 'bad',
  'pause-container': 'warn',
  'unpause-container': 'ok',
  'remove-container': 'bad',
  'remove-network': 'bad',
  'remove-volume': 'bad',
  'remove-image': 'bad',
};

export const operationTone = (kind: OperationKind): TagTone => TONES[kind];
