import { spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useStackSnapshot } from '../rpc/mirrors.ts';
import { Chip } from '../ui/chip.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { engineText, engineTone } from './engine-text.ts';
import classes from './top-bar.module.css';
import { navigate, useUiStore } from './ui-store.ts';

export function TopBar() {
  const { t } = useTranslation('shell');
  const snapshot = useStackSnapshot();
  const page = useUiStore((state) => state.page);
  const crumb = useUiStore((state) => state.crumb);
  return (
    <header className={classes.bar}>
      <div className={classes.logo}>
        <i aria-hidden />
        {t('appName')}
      </div>
      <div className={classes.crumbs}>
        <span>{snapshot?.project.name ?? t('appName').toLowerCase()}</span>
        <span aria-hidden>/</span>
        <b>{t(`pages.${page}`)}</b>
        {crumb && (
          <>
            <span aria-hidden>/</span>
            <span className={classes.last}>{crumb}</span>
          </>
        )}
      </div>
      <button type="button" className={classes.search} onClick={spotlight.open}>
        <IconSearch size={14} stroke={1.7} aria-hidden />
        <span>{t('palette.open')}</span>
        <Kbd keys="mod+K" />
      </button>
      {snapshot && (
        <Chip
          tone={engineTone(snapshot.engine)}
          title={t('engine.title', { text: engineText(t, snapshot.engine) })}
          onClick={() => navigate('settings')}
        >
          {engineText(t, snapshot.engine)}
        </Chip>
      )}
    </header>
  );
}
