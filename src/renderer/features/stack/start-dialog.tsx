import { Button, Checkbox, Loader, Modal } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppErrorData } from '../../../shared/errors/app-error.ts';
import type { PlanView } from '../../../shared/stack/plan-view.ts';
import { ErrorCard } from '../../errors/error-card.tsx';
import { useClient } from '../../rpc/client-context.tsx';
import { readAppError } from '../../rpc/read-app-error.ts';
import { PlanList } from './plan-list.tsx';
import { setReviewOpen, useStackUi } from './stack-ui-store.ts';
import classes from './start-dialog.module.css';
import type { StackActions } from './use-stack-actions.ts';

type Review =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly plan: PlanView }
  | { readonly kind: 'failed'; readonly error: AppErrorData };

/** The plan before a start: nothing happens until it is agreed to. */
export function StartDialog({ actions }: { actions: StackActions }) {
  const { t } = useTranslation('stack');
  const { t: tShell } = useTranslation('shell');
  const isOpen = useStackUi((state) => state.isReviewOpen);
  const close = () => setReviewOpen(false);
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={t('plan.title')}
      size={580}
      closeButtonProps={{ 'aria-label': tShell('actions.close') }}
    >
      {isOpen && <StartReview actions={actions} onClose={close} />}
    </Modal>
  );
}

function StartReview({ actions, onClose }: { actions: StackActions; onClose: () => void }) {
  const { t } = useTranslation('stack');
  const { t: tShell } = useTranslation('shell');
  const client = useClient();
  const review = useReview();
  const [skipsNext, setSkipsNext] = useState(false);
  const start = () => {
    onClose();
    // Refused at worst: then the next start asks again, which harms nobody.
    if (skipsNext) client.settings.update({ reviewPlan: false }).catch(() => undefined);
    actions.start();
  };
  const hasSteps = review.kind === 'ready' && review.plan.steps.length > 0;
  return (
    <>
      <section
        className={classes.list}
        aria-label={t('plan.title')}
        aria-busy={review.kind === 'loading'}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
        tabIndex={0}
      >
        {review.kind === 'loading' && (
          <Loader size="sm" className={classes.loader} aria-label={tShell('loading')} />
        )}
        {review.kind === 'failed' && <ErrorCard error={review.error} />}
        {review.kind === 'ready' && !hasSteps && <p className={classes.nothing}>{t('plan.nothing')}</p>}
        {hasSteps && (
          <>
            <p className={classes.intro}>{t('plan.intro')}</p>
            <PlanList steps={review.plan.steps} />
          </>
        )}
      </section>
      <div className={classes.foot}>
        {hasSteps && (
          <Checkbox
            size="xs"
            label={t('plan.dontAsk')}
            checked={skipsNext}
            onChange={(event) => setSkipsNext(event.currentTarget.checked)}
          />
        )}
        <span />
        <Button onClick={onClose}>{hasSteps ? tShell('actions.cancel') : tShell('actions.close')}</Button>
        {hasSteps && (
          <Button
            variant="filled"
            autoFocus
            leftSection={<IconPlayerPlay size={14} stroke={1.8} aria-hidden />}
            onClick={start}
          >
            {t('plan.startNow')}
          </Button>
        )}
      </div>
    </>
  );
}

/** A plan made now: the one in the snapshot may be a moment old. */
function useReview(): Review {
  const client = useClient();
  const [review, setReview] = useState<Review>({ kind: 'loading' });
  useEffect(() => {
    const controller = new AbortController();
    client.stack
      .plan({ direction: 'up' }, { signal: controller.signal })
      .then((plan) => setReview({ kind: 'ready', plan }))
      .catch((error: unknown) => {
        if (!controller.signal.aborted) setReview({ kind: 'failed', error: readAppError(error) });
      });
    return () => controller.abort();
  }, [client]);
  return review;
}
