import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { WORKSPACE_PROJECT } from '../../shared/stack/projects-contract.ts';

const KEY = 'skilldeck.project';

/** The project that this window shows; kept in its own storage, so that a reload and the next start find it again. */
export const selectedProjectStore = createStore<{ readonly id: string }>(() => ({ id: readKept() }));

export function selectProject(id: string): void {
  selectedProjectStore.setState({ id });
  try {
    localStorage.setItem(KEY, id);
  } catch {
    // Without storage the window begins with the workspace, which is always there.
  }
}

export const useProjectId = (): string => useStore(selectedProjectStore, (state) => state.id);

function readKept(): string {
  try {
    return localStorage.getItem(KEY) ?? WORKSPACE_PROJECT;
  } catch {
    return WORKSPACE_PROJECT;
  }
}
