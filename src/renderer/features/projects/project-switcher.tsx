import { ActionIcon, Menu } from '@mantine/core';
import { IconChevronDown, IconFolderOpen, IconX } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
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
  const [opened, setOpened] = useState(false);
  const projects = useProjects() ?? [];
  const selected = useProjectId();
  const actions = useProjectActions();
  const own = projects.filter(({ kind }) => kind !== 'found');
  const found = projects.filter(({ kind }) => kind === 'found');
  const rowsOf = (list: readonly ProjectSummary[]) =>
    list.map((project) => (
      <Row
        key={project.id}
        project={project}
        isSelected={project.id === selected}
        actions={actions}
        onDone={() => setOpened(false)}
      />
    ));
  return (
    <Menu position="bottom-start" width={372} opened={opened} onChange={setOpened}>
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
        <Menu.Item leftSection={<IconFolderOpen size={15} stroke={1.6} aria-hidden />} onClick={actions.open}>
          {t('open')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

interface RowProps {
  readonly project: ProjectSummary;
  readonly isSelected: boolean;
  readonly actions: ProjectActions;
  readonly onDone: () => void;
}

function Row({ project, isSelected, actions, onDone }: RowProps) {
  const { t } = useTranslation('projects');
  const { id, name, directory, kind, running, total } = project;
  const end = withEnd(project, t, actions, onDone);
  return (
    <div className={classes.row}>
      <Menu.Item
        role="menuitemradio"
        aria-checked={isSelected}
        className={classes.item}
        leftSection={<StatusDot tone={toneOf(project)} />}
        rightSection={
          <span className={classes.count}>
            {total === 0 ? t('nothingRuns') : t('running', { running, total })}
          </span>
        }
        onClick={() => switchProject(id)}
      >
        <span className={classes.name}>{name}</span>
        <span className={classes.directory} title={directory}>
          {kind === 'workspace' ? t('bundled') : directory}
        </span>
      </Menu.Item>
      {end}
    </div>
  );
}

/** What can be done with it besides showing it. */
function withEnd(
  { id, name, kind, canOpen }: ProjectSummary,
  t: ReturnType<typeof useTranslation<'projects'>>['t'],
  actions: ProjectActions,
  onDone: () => void,
): ReactNode {
  const button = (label: string, icon: ReactNode, run: (projectId: string) => void) => (
    <ActionIcon
      size={24}
      className={classes.end}
      aria-label={label}
      title={label}
      onClick={() => {
        onDone();
        run(id);
      }}
    >
      {icon}
    </ActionIcon>
  );
  if (kind === 'open')
    return button(t('close', { name }), <IconX size={14} stroke={1.7} aria-hidden />, actions.close);
  if (kind === 'found' && canOpen)
    return button(
      t('openFound', { name }),
      <IconFolderOpen size={14} stroke={1.7} aria-hidden />,
      actions.openFound,
    );
  return <span className={classes.end} />;
}

function toneOf({ running, total }: ProjectSummary): Tone {
  if (running === 0) return 'idle';
  return running === total ? 'ok' : 'warn';
}
