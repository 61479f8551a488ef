import { useTranslation } from 'react-i18next';
import type { OperationKind, PlanStepView } from '../../../../shared/stack/plan-view.ts';
import { Tag } from '../../../ui/tag.tsx';
import { operationTone } from '../plan-groups.ts';
import classes from './plan-review.module.css';

const KINDS: readonly OperationKind[] = [
  'create-network',
  'create-volume',
  'pull-image',
  'build-image',
  'remove-network',
  'remove-volume',
  'remove-image',
];

/** Networks, volumes and images that are made, fetched or removed. */
export function PlanResources({ steps }: { steps: readonly PlanStepView[] }) {
  const { t } = useTranslation('stack');
  const { t: tPlan } = useTranslation('plan');
  const found = steps.filter(({ kind }) => KINDS.includes(kind));
  if (found.length === 0) return null;
  return (
    <section className={classes.resources}>
      <h3>{tPlan('resources')}</h3>
      <ul>
        {found.map((step) => (
          <li key={step.id}>
            <Tag tone={operationTone(step.kind)}>{t(`operation.${step.kind}`)}</Tag>
            <span title={step.cause.text}>
              {step.cause.params.image && step.cause.params.image !== step.target
                ? `${step.target} · ${step.cause.params.image}`
                : step.target}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
