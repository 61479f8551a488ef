import { IconFolderOpen, IconStack2 } from '@tabler/icons-react';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { WORKSPACE_PROJECT } from '../../../shared/stack/projects-contract.ts';
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
  const list = JSON.stringify(projects?.map(({ id, name, directory }) => ({ id, name, directory })) ?? []);
  useEffect(() => {
    // Only a new list is asked: one that has just been opened may be shown before the list has it.
    const { id } = selectedProjectStore.getState();
    if (projects && !projects.some((project) => project.id === id)) switchProject(WORKSPACE_PROJECT);
  }, [projects]);

  const commands = useMemo<readonly Command[]>(() => {
    const known: { id: string; name: string; directory: string }[] = JSON.parse(list);
    return [
      {
        id: 'projects.open',
        title: t('open'),
        group: 'stack',
        icon: IconFolderOpen,
        keywords: ['compose', 'docker-compose', 'folder', 'project'],
        run: actions.open,
      },
      ...known.map(({ id, name, directory }) => ({
        id: `projects.show.${id}`,
        title: t('show', { name }),
        description: directory,
        group: 'stack' as const,
        icon: IconStack2,
        keywords: ['project', 'switch'],
        run: () => {
          switchProject(id);
          navigate('stack');
        },
      })),
    ];
  }, [t, actions, list]);
  useCommands(commands);
  return null;
}
