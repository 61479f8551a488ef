import { useTranslation } from 'react-i18next';
import type { PlanStepView } from '../../../shared/stack/plan-view.ts';
import { Tag } from '../../ui/tag.tsx';
import { groupPlan, operationTone } from './plan-groups.ts';
import classes from './plan-list.module.css';

/** What will be done to which service, and why. */
export function PlanList({ steps }: { steps: readonly PlanStepView[] }) {
  const { t } = useTranslation('stack');
  return (
    <ul className={classes.groups}>
      {groupPlan(steps).map((group) => (
        <li key={group.service ?? ''} className={classes.group}>
          <h3>{group.service ?? t('plan.project')}</h3>
          <ul>
            {group.steps.map((step) => (
              <li key={step.id} className={classes.step}>
                <Tag tone={operationTone(step.kind)}>{t(`operation.${step.kind}`)}</Tag>
                <span className={classes.cause} title={step.cause.text}>
                  {step.service === undefined && <b>{step.target}</b>}
                  {t(`cause.${step.cause.kind}`)}
                  <CauseParams params={step.cause.params} skip={[step.target, step.service]} />
                </span>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

/** The values behind a cause: an image, a changed key. The target itself is already there. */
function CauseParams({
  params,
  skip,
}: {
  params: Record<string, string>;
  skip: readonly (string | undefined)[];
}) {
  const values = Object.values(params).filter((value) => value !== '' && !skip.includes(value));
  if (values.length === 0) return null;
  return <code>{values.join(' · ')}</code>;
}
