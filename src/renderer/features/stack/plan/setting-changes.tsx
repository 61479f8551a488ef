import { useTranslation } from 'react-i18next';
import type { SettingChange } from '../../../../shared/stack/plan-view.ts';
import classes from './plan-review.module.css';
import { settingText } from './setting-text.ts';

/** What differs between what runs and what the files say, a line for each setting. */
export function SettingChanges({ changes }: { changes: readonly SettingChange[] }) {
  const { t } = useTranslation('plan');
  return (
    <ul className={classes.settings} aria-label={t('settings')}>
      {changes.map((change) => (
        <li key={change.path}>
          <code className={classes.path}>{change.path}</code>
          <span className={classes.values}>
            <SettingValues change={change} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function SettingValues({ change: { path, from, to, secret } }: { change: SettingChange }) {
  const { t } = useTranslation('plan');
  if (secret) return <span className={classes.secret}>{t('secretChanged')}</span>;
  if (from === undefined && to === undefined) return <span className={classes.secret}>{t('changed')}</span>;
  return (
    <>
      {from !== undefined && (
        <del>
          <span aria-hidden>−</span>
          <code>{settingText(path, from)}</code>
        </del>
      )}
      {from !== undefined && to !== undefined && <span aria-hidden>→</span>}
      {to !== undefined && (
        <ins>
          <span aria-hidden>+</span>
          <code>{settingText(path, to)}</code>
        </ins>
      )}
    </>
  );
}
