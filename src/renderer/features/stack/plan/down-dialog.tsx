import { Button, Checkbox, Modal, SegmentedControl } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StackSnapshot } from '../../../../shared/stack/stack-snapshot.ts';
import { useProjectId } from '../../../rpc/selected-project.ts';
import { closeDialog, useStackUi } from '../stack-ui-store.ts';
import type { StackActions } from '../use-stack-actions.ts';
import { isAgreed, PlanDestroys } from './plan-destroys.tsx';
import classes from './plan-review.module.css';
import { hasWork, PlanReview } from './plan-review.tsx';
import { usePlan } from './use-plan.ts';

interface DialogProps {
  readonly snapshot: StackSnapshot;
  readonly actions: StackActions;
}

/** What goes when the project is taken down, before it goes. */
export function DownDialog({ snapshot, actions }: DialogProps) {
  const { t } = useTranslation('plan');
  const { t: tShell } = useTranslation('shell');
  const isOpen = useStackUi((state) => state.dialog?.kind === 'down');
  return (
    <Modal
      opened={isOpen}
      onClose={closeDialog}
      title={t('down.title', { project: snapshot.project.name })}
      size={640}
      closeButtonProps={{ 'aria-label': tShell('actions.close') }}
    >
      {isOpen && <DownReview snapshot={snapshot} actions={actions} />}
    </Modal>
  );
}

const IMAGES = ['none', 'local', 'all'] as const;
type Images = (typeof IMAGES)[number];

function DownReview({ snapshot, actions }: DialogProps) {
  const { t } = useTranslation('plan');
  const { t: tShell } = useTranslation('shell');
  const projectId = useProjectId();
  const [volumes, setVolumes] = useState(false);
  const [images, setImages] = useState<Images>('none');
  const [removeOrphans, setRemoveOrphans] = useState(true);
  const [typed, setTyped] = useState('');
  const choice = { volumes, images, removeOrphans };
  const state = usePlan({ projectId, direction: 'down', ...choice });
  const plan = state.kind === 'ready' ? state.plan : undefined;
  const { name } = snapshot.project;
  return (
    <div className={classes.parts}>
      <section
        className={classes.scroll}
        data-brief
        aria-label={t('down.title', { project: name })}
        aria-busy={state.kind === 'loading' || (state.kind === 'ready' && state.isStale)}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
        tabIndex={0}
      >
        <PlanReview state={state} intro={t('down.intro')} />
      </section>
      <div className={classes.choice}>
        <Checkbox
          size="xs"
          label={t('down.volumes')}
          description={t('down.volumesHint')}
          checked={volumes}
          onChange={(event) => setVolumes(event.currentTarget.checked)}
        />
        <Checkbox
          size="xs"
          label={t('down.orphans')}
          description={t('down.orphansHint')}
          checked={removeOrphans}
          onChange={(event) => setRemoveOrphans(event.currentTarget.checked)}
        />
        <fieldset className={classes.options}>
          <legend>{t('down.images')}</legend>
          <SegmentedControl
            size="xs"
            aria-label={t('down.images')}
            value={images}
            data={IMAGES.map((value) => ({ value, label: t(`down.imagesKind.${value}`) }))}
            onChange={setImages}
          />
        </fieldset>
      </div>
      {plan && <PlanDestroys destroys={plan.destroys} project={name} typed={typed} onType={setTyped} />}
      <div className={classes.foot}>
        <span />
        <Button onClick={closeDialog}>{tShell('actions.cancel')}</Button>
        <Button
          variant="filled"
          color="red"
          disabled={plan === undefined || !hasWork(plan) || !isAgreed(plan.destroys, name, typed)}
          leftSection={<IconTrash size={14} stroke={1.8} aria-hidden />}
          onClick={() => {
            closeDialog();
            actions.down(choice);
          }}
        >
          {t('down.confirm')}
        </Button>
      </div>
    </div>
  );
}
