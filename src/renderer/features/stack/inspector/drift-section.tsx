import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ServiceSnapshot } from '../../../../shared/stack/stack-snapshot.ts';
import { SettingChanges } from '../plan/setting-changes.tsx';
import type { StackActions } from '../use-stack-actions.ts';
import classes from './inspector.module.css';

/** What runs is not what the files say: why, setting by setting, and the way to make it so. */
export function DriftSection({ service, actions }: { service: ServiceSnapshot; actions: StackActions }) {
  const { t } = useTranslation('services');
  const { t: tStack } = useTranslation('stack');
  const { drift } = service;
  if (!drift) return null;
  return (
    <section className={classes.part} aria-label={t('drift.heading')}>
      <h3>{t('drift.heading')}</h3>
      <p className={classes.why} title={drift.text}>
        {tStack(`cause.${drift.kind}`)}
      </p>
      {drift.changes && drift.changes.length > 0 && (
        <div className={classes.settings}>
          <SettingChanges changes={drift.changes} />
        </div>
      )}
      <Button size="compact-sm" onClick={actions.askStart}>
        {t('drift.review')}
      </Button>
    </section>
  );
}
