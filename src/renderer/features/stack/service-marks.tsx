import { useTranslation } from 'react-i18next';
import type { ServiceSnapshot } from '../../../shared/stack/stack-snapshot.ts';
import { Tag } from '../../ui/tag.tsx';
import classes from './service-marks.module.css';

/** What is out of the ordinary with a service, in a word or two beside its name. */
export function ServiceMarks({ service }: { service: ServiceSnapshot }) {
  const { t } = useTranslation('services');
  const { t: tStack } = useTranslation('stack');
  if (!service.drift && !service.orphan) return null;
  return (
    <span className={classes.marks}>
      {service.drift && (
        <span title={t('drift.title', { why: tStack(`cause.${service.drift.kind}`) })}>
          <Tag tone="warn">{t('drift.mark')}</Tag>
        </span>
      )}
      {service.orphan && (
        <span title={tStack('inspector.orphanText')}>
          <Tag tone="bad">{t('orphan')}</Tag>
        </span>
      )}
    </span>
  );
}
