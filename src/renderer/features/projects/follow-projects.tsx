import { IconFileCode, IconFolderOpen, IconStack2 } from '@tabler/icons-react';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type ProjectSummary, WORKSPACE_PROJECT } from '../../../shared/stack/projects-contract.ts';
import { useProjects } from '../../rpc/mirrors.ts';
import { selectedProjectStore } from '../../rpc/selected-project.ts';
import { type Command, useCommands } from '../../shell/commands.ts';
import { navigate } from '../../shell/ui-store.ts';
import { switchProject, useProjectActions } from './use-project-actions.ts';

/** Offers the projects in the palette, and leaves one that is not there any more. */
export function FollowProjects() {
  const { t } = useTranslation('projects');
  const actions = useProjectActions();
  const projects = useProjects();
  const list = JSON.stringify(
    projects
      ?.filter(({ canOpen }) => canOpen)
      .map(({ id, name, directory, kind }) => ({ id, name, directory, kind })) ?? [],
  );
  useEffect(() => {
    // Only a new list is asked: one that has just been opened may be shown before the list has it.
    const { id } = selectedProjectStore.getState();
    // What is only found on the engine has no files to show.
    const isOpen = projects?.some((project) => project.id === id && project.kind !== 'found');
    if (projects && !isOpen) switchProject(WORKSPACE_PROJECT);
  }, [projects]);

  const commands = useMemo<readonly Command[]>(() => {
    const known: Pick<ProjectSummary, 'id' | 'name' | 'directory' | 'kind'>[] = JSON.parse(list);
    return [
      {
        id: 'projects.open',
        title: t('open'),
        group: 'stack',
        icon: IconFolderOpen,
        keywords: ['compose', 'docker-compose', 'folder', 'project'],
        run: () => actions.open('folder'),
      },
      {
        id: 'projects.openFile',
        title: t('openFile'),
        group: 'stack',
        icon: IconFileCode,
        keywords: ['compose', 'docker-compose', 'yaml', 'project'],
        run: () => actions.open('file'),
      },
      ...known.map(({ id, name, directory, kind }) => ({
        id: `projects.show.${id}`,
        title: t('show', { name }),
        description: directory,
        group: 'stack' as const,
        icon: IconStack2,
        keywords: ['project', 'switch'],
        run: () => {
          if (kind === 'found') return actions.openFound(id);
          switchProject(id);
          navigate('stack');
        },
      })),
    ];
  }, [t, actions, list]);
  useCommands(commands);
  return null;
}
