import { Button, Checkbox, Modal } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StackSnapshot } from '../../../../shared/stack/stack-snapshot.ts';
import { useClient } from '../../../rpc/client-context.tsx';
import { useProjectId } from '../../../rpc/selected-project.ts';
import { LoadWarnings } from '../load-warnings.tsx';
import { closeDialog, useStackUi } from '../stack-ui-store.ts';
import type { StackActions } from '../use-stack-actions.ts';
import { isAgreed, PlanDestroys } from './plan-destroys.tsx';
import classes from './plan-review.module.css';
import { hasWork, PlanReview } from './plan-review.tsx';
import { UnsupportedList } from './unsupported-list.tsx';
import { usePlan } from './use-plan.ts';

interface DialogProps {
  readonly snapshot: StackSnapshot;
  readonly actions: StackActions;
}

/** The plan before a start: nothing happens until it is agreed to. */
export function StartDialog({ snapshot, actions }: DialogProps) {
  const { t } = useTranslation('stack');
  const { t: tShell } = useTranslation('shell');
  const isOpen = useStackUi((state) => state.dialog?.kind === 'start');
  const unsupported = snapshot.project.unsupported ?? [];
  return (
    <Modal
      opened={isOpen}
      onClose={closeDialog}
      title={t('plan.title')}
      size={700}
      closeButtonProps={{ 'aria-label': tShell('actions.close') }}
    >
      {isOpen &&
        (unsupported.length > 0 ? (
          <div className={classes.parts}>
            <UnsupportedList unsupported={unsupported} />
            <div className={classes.foot}>
              <span />
              <Button onClick={closeDialog}>{tShell('actions.close')}</Button>
            </div>
          </div>
        ) : (
          <StartReview snapshot={snapshot} actions={actions} />
        ))}
    </Modal>
  );
}

const OPTIONS = ['build', 'pull', 'forceRecreate', 'removeOrphans'] as const;
type Option = (typeof OPTIONS)[number];
type Chosen = Readonly<Record<Option, boolean>>;

const toChoice = ({ build, pull, forceRecreate, removeOrphans }: Chosen) => ({
  ...(build ? { build } : {}),
  ...(pull ? { pull: 'always' as const } : {}),
  ...(forceRecreate ? { forceRecreate } : {}),
  ...(removeOrphans ? { removeOrphans } : {}),
});

function StartReview({ snapshot, actions }: DialogProps) {
  const { t } = useTranslation('stack');
  const { t: tPlan } = useTranslation('plan');
  const { t: tShell } = useTranslation('shell');
  const client = useClient();
  const projectId = useProjectId();
  const [chosen, setChosen] = useState<Chosen>({
    build: false,
    pull: false,
    forceRecreate: false,
    removeOrphans: false,
  });
  const choice = toChoice(chosen);
  const state = usePlan({ projectId, direction: 'up', ...choice });
  const [skipsNext, setSkipsNext] = useState(false);
  const [typed, setTyped] = useState('');
  const plan = state.kind === 'ready' ? state.plan : undefined;
  const canStart = plan !== undefined && hasWork(plan);
  const start = () => {
    closeDialog();
    // Refused at worst: then the next start asks again, which harms nobody.
    if (skipsNext) client.settings.update({ reviewPlan: false }).catch(() => undefined);
    actions.start(choice);
  };
  const { name, warnings = [] } = snapshot.project;
  return (
    <div className={classes.parts}>
      {warnings.length > 0 && <LoadWarnings warnings={warnings} />}
      <section
        className={classes.scroll}
        aria-label={t('plan.title')}
        aria-busy={state.kind === 'loading' || (state.kind === 'ready' && state.isStale)}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
        tabIndex={0}
      >
        <PlanReview state={state} intro={t('plan.intro')} />
      </section>
      {plan && <PlanDestroys destroys={plan.destroys} project={name} typed={typed} onType={setTyped} />}
      <fieldset className={classes.options}>
        <legend>{tPlan('options.label')}</legend>
        {OPTIONS.map((option) => (
          <Checkbox
            key={option}
            size="xs"
            label={tPlan(`options.${option}`)}
            title={tPlan(`optionHint.${option}`)}
            checked={chosen[option]}
            onChange={(event) => setChosen({ ...chosen, [option]: event.currentTarget.checked })}
          />
        ))}
      </fieldset>
      <div className={classes.foot}>
        {canStart && (
          <Checkbox
            size="xs"
            label={t('plan.dontAsk')}
            checked={skipsNext}
            onChange={(event) => setSkipsNext(event.currentTarget.checked)}
          />
        )}
        <span />
        <Button onClick={closeDialog}>{canStart ? tShell('actions.cancel') : tShell('actions.close')}</Button>
        {canStart && (
          <Button
            variant="filled"
            data-autofocus
            disabled={!isAgreed(plan.destroys, name, typed)}
            leftSection={<IconPlayerPlay size={14} stroke={1.8} aria-hidden />}
            onClick={start}
          >
            {t('plan.startNow')}
          </Button>
        )}
      </div>
    </div>
  );
}
