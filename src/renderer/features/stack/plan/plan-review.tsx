import { Loader } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { PlanView } from '../../../../shared/stack/plan-view.ts';
import { ErrorCard } from '../../../errors/error-card.tsx';
import { PlanList } from '../plan-list.tsx';
import { DownServices } from './down-services.tsx';
import { PlanResources } from './plan-resources.tsx';
import classes from './plan-review.module.css';
import { ServiceChanges } from './service-changes.tsx';
import type { PlanState } from './use-plan.ts';

/** Whether there is anything to do. */
export const hasWork = (plan: PlanView): boolean =>
  plan.steps.length > 0 || (plan.services?.some(({ action }) => action !== 'none') ?? false);

/** What a plan will do, service by service, then what it does to networks, volumes and images. */
export function PlanReview({ state, intro }: { state: PlanState; intro: string }) {
  const { t } = useTranslation('stack');
  const { t: tPlan } = useTranslation('plan');
  const { t: tShell } = useTranslation('shell');
  if (state.kind === 'loading')
    return <Loader size="sm" className={classes.loader} aria-label={tShell('loading')} />;
  if (state.kind === 'failed') return <ErrorCard error={state.error} />;
  const { plan } = state;
  if (!hasWork(plan)) return <p className={classes.nothing}>{t('plan.nothing')}</p>;
  const { services } = plan;
  return (
    <div className={classes.review} data-stale={state.isStale || undefined}>
      <p className={classes.intro}>{intro}</p>
      {services === undefined ? (
        <PlanList steps={plan.steps} />
      ) : (
        <>
          {plan.direction === 'down' ? (
            <DownServices services={services} />
          ) : (
            <ServiceChanges services={services} />
          )}
          <PlanResources steps={plan.steps} />
          {plan.steps.length > 0 && (
            <details className={classes.unchanged}>
              <summary>{tPlan('steps', { count: plan.steps.length })}</summary>
              <PlanList steps={plan.steps} />
            </details>
          )}
        </>
      )}
    </div>
  );
}
