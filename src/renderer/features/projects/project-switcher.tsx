import { Menu } from '@mantine/core';
import { IconCheck, IconChevronDown, IconFileCode, IconFolderOpen, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ProjectSummary } from '../../../shared/stack/projects-contract.ts';
import { useProjects } from '../../rpc/mirrors.ts';
import { useProjectId } from '../../rpc/selected-project.ts';
import { StatusDot, type Tone } from '../../ui/status-dot.tsx';
import classes from './project-switcher.module.css';
import { type ProjectActions, switchProject, useProjectActions } from './use-project-actions.ts';

interface ProjectSwitcherProps {
  /** Shown until the list is here. */
  readonly name: string;
  /** In the header of the page, or as a part of the path above it. */
  readonly size?: 'title' | 'crumb';
}

/** The project that is shown, and every other one a click away. */
export function ProjectSwitcher({ name, size = 'title' }: ProjectSwitcherProps) {
  const { t } = useTranslation('projects');
  const projects = useProjects() ?? [];
  const selected = useProjectId();
  const actions = useProjectActions();
  const own = projects.filter(({ kind }) => kind !== 'found');
  const shown = projects.find(({ id }) => id === selected);
  const found = projects.filter(({ kind }) => kind === 'found');
  const rowsOf = (list: readonly ProjectSummary[]) =>
    list.map((project) => (
      <Row key={project.id} project={project} isSelected={project.id === selected} actions={actions} />
    ));
  return (
    <Menu position="bottom-start" width={372}>
      <Menu.Target>
        <button
          type="button"
          className={classes.target}
          data-size={size}
          aria-label={t('switch', { name })}
          title={t('switch', { name })}
        >
          <span>{name}</span>
          <IconChevronDown size={size === 'title' ? 15 : 12} stroke={1.8} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown className={classes.dropdown}>
        <div className={classes.list}>
          <Menu.Label>{t('listOpen')}</Menu.Label>
          {rowsOf(own)}
          {found.length > 0 && (
            <>
              <Menu.Label>{t('listFound')}</Menu.Label>
              {rowsOf(found)}
            </>
          )}
        </div>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconFolderOpen size={15} stroke={1.6} aria-hidden />}
          onClick={() => actions.open('folder')}
        >
          {t('open')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconFileCode size={15} stroke={1.6} aria-hidden />}
          onClick={() => actions.open('file')}
        >
          {t('openFile')}
        </Menu.Item>
        {shown?.kind === 'open' && (
          <Menu.Item
            leftSection={<IconX size={15} stroke={1.6} aria-hidden />}
            title={t('closeHint')}
            onClick={() => actions.close(shown.id)}
          >
            {t('close', { name: shown.name })}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

interface RowProps {
  readonly project: ProjectSummary;
  readonly isSelected: boolean;
  readonly actions: ProjectActions;
}

function Row({ project, isSelected, actions }: RowProps) {
  const { t } = useTranslation('projects');
  const { id, name, directory, kind, running, total, canOpen } = project;
  // Without its files there is nothing to show of it.
  const isLost = kind === 'found' && !canOpen;
  const hint = isLost ? t('found.gone') : kind === 'found' ? t('found.open') : directory;
  const count = (
    <span className={classes.count}>{total === 0 ? t('nothingRuns') : t('running', { running, total })}</span>
  );
  const words = (
    <>
      <span className={classes.name}>
        <StatusDot tone={toneOf(project)} />
        <span>{name}</span>
      </span>
      <span className={classes.directory}>
        {kind === 'workspace' ? t('bundled') : isLost ? t('found.short') : directory}
      </span>
    </>
  );
  if (kind === 'found')
    return (
      <Menu.Item disabled={isLost} title={hint} rightSection={count} onClick={() => actions.openFound(id)}>
        {words}
      </Menu.Item>
    );
  return (
    <Menu.RadioItem
      value={id}
      checked={isSelected}
      closeMenuOnClick
      checkIcon={<IconCheck size={14} stroke={2} aria-hidden />}
      title={hint}
      rightSection={count}
      onChange={switchProject}
    >
      {words}
    </Menu.RadioItem>
  );
}

function toneOf({ running, total }: ProjectSummary): Tone {
  if (running === 0) return 'idle';
  return running === total ? 'ok' : 'warn';
}
