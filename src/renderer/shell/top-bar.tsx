import { spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { EngineMenu } from '../features/projects/engine-menu.tsx';
import { ProjectSwitcher } from '../features/projects/project-switcher.tsx';
import { useProjects, useStackSnapshot } from '../rpc/mirrors.ts';
import { useProjectId } from '../rpc/selected-project.ts';
import { Kbd } from '../ui/kbd.tsx';
import classes from './top-bar.module.css';
import { type PageId, useUiStore } from './ui-store.ts';

/** The pages that show the chosen project; the others belong to the workspace. */
const OF_PROJECT: readonly PageId[] = ['stack', 'logs', 'terminal'];

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
        <Project page={page} />
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
      {snapshot && <EngineMenu engine={snapshot.engine} />}
    </header>
  );
}

function Project({ page }: { page: PageId }) {
  const { t } = useTranslation('shell');
  const selected = useProjectId();
  const projects = useProjects();
  const snapshot = useStackSnapshot();
  const workspace = projects?.find(({ kind }) => kind === 'workspace')?.name ?? t('appName').toLowerCase();
  if (!OF_PROJECT.includes(page)) return <span>{workspace}</span>;
  const name = projects?.find(({ id }) => id === selected)?.name ?? snapshot?.project.name ?? workspace;
  return <ProjectSwitcher name={name} size="crumb" />;
}
