import { IconBan } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { StackSnapshot } from '../../../../shared/stack/stack-snapshot.ts';
import { presentPhrase } from '../../../errors/present-error.ts';
import classes from './plan-review.module.css';

type Unsupported = NonNullable<StackSnapshot['project']['unsupported']>;

/** What keeps the project from being started: ignoring it would start something else than the files say. */
export function UnsupportedList({ unsupported }: { unsupported: Unsupported }) {
  const { t } = useTranslation('plan');
  const { t: errors } = useTranslation('errors');
  return (
    <section className={classes.unsupported} aria-label={t('unsupported.title')}>
      <IconBan size={18} stroke={1.7} aria-hidden />
      <div>
        <h3>{t('unsupported.title', { count: unsupported.length })}</h3>
        <p>{t('unsupported.text')}</p>
        <ul>
          {unsupported.map(({ place, key, reason }) => (
            <li key={`${place}:${key}`}>
              <code>{key}</code>
              <span>{place}</span>
              <p>{presentPhrase(errors, reason)}</p>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
