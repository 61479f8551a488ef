import { useMemo } from 'react';
import { WORKSPACE_PROJECT } from '../../../shared/stack/projects-contract.ts';
import { showErrorDialog } from '../../errors/error-dialog.tsx';
import { useClient } from '../../rpc/client-context.tsx';
import { readAppError } from '../../rpc/read-app-error.ts';
import { selectedProjectStore, selectProject } from '../../rpc/selected-project.ts';
import { navigate, uiStore } from '../../shell/ui-store.ts';
import { selectNode } from '../stack/stack-ui-store.ts';

export interface ProjectActions {
  /** Asks for a compose file with the system's dialog and shows what it describes. */
  readonly open: (choose: 'folder' | 'file') => void;
  readonly openFound: (projectId: string) => void;
  readonly close: (projectId: string) => void;
}

/** Shows another project: what was selected or asked for belongs to the one before. */
export function switchProject(id: string): void {
  if (selectedProjectStore.getState().id === id) return;
  selectNode(undefined);
  uiStore.setState({ target: undefined, crumb: undefined });
  selectProject(id);
}

export function useProjectActions(): ProjectActions {
  const client = useClient();
  return useMemo(() => {
    const attempt = (call: () => Promise<unknown>) => {
      call().catch((error: unknown) => showErrorDialog(readAppError(error), () => attempt(call)));
    };
    return {
      open: (choose) =>
        attempt(async () => {
          const { projectId } = await client.projects.open({ choose });
          if (projectId === undefined) return;
          switchProject(projectId);
          navigate('stack');
        }),
      openFound: (projectId) =>
        attempt(async () => {
          const opened = await client.projects.openFound({ projectId });
          switchProject(opened.projectId);
          navigate('stack');
        }),
      close: (projectId) =>
        attempt(async () => {
          if (selectedProjectStore.getState().id === projectId) switchProject(WORKSPACE_PROJECT);
          await client.projects.close({ projectId });
        }),
    };
  }, [client]);
}
