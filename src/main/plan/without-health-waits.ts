import type { Plan } from './operation.ts';

/**
 * The plan without the waits for health that nothing else in it needs: it ends when its containers run.
 *
 * Replacing a container still waits: only a healthy successor takes the place of the old one.
 */
export function withoutHealthWaits(plan: Plan): Plan {
  const needed = new Set(plan.steps.flatMap(({ after = [], dependsOn }) => [...dependsOn, ...after]));
  return {
    ...plan,
    steps: plan.steps.map((step) => {
      const { operation } = step;
      if (operation.kind !== 'wait-container' || operation.until !== 'healthy' || needed.has(step.id))
        return step;
      return { ...step, operation: { ...operation, until: 'running' } };
    }),
  };
}
