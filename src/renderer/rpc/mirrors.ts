import { WORKSPACE_PROJECT } from '../../shared/stack/projects-contract.ts';
import type { StackSnapshot } from '../../shared/stack/stack-snapshot.ts';
import type { RpcClient } from './client.ts';
import { createMirror, type Mirror } from './mirror-store.ts';
import { createPerProject } from './per-project.ts';
import { useProjectId } from './selected-project.ts';
import { useFeature } from './use-feature.ts';
import { useMirrorValue } from './use-mirror.ts';

/** What more than one page looks at, mirrored once per window; stacks once per project that is looked at. */
const createStackMirrors = (client: RpcClient) =>
  createPerProject<Mirror<StackSnapshot>>((projectId) =>
    createMirror({
      open: (signal) => client.stack.subscribe({ projectId }, { signal }),
      seqOf: (value) => value.seq,
    }),
  );

const createProjectsMirror = (client: RpcClient) =>
  createMirror({ open: (signal) => client.projects.subscribe({}, { signal }) });

const createSkillsMirror = (client: RpcClient) =>
  createMirror({ open: (signal) => client.skills.subscribe({}, { signal }), seqOf: (value) => value.seq });

const createModelsMirror = (client: RpcClient) =>
  createMirror({ open: (signal) => client.models.subscribe({}, { signal }), seqOf: (value) => value.seq });

const createSettingsMirror = (client: RpcClient) =>
  createMirror({ open: (signal) => client.settings.subscribe({}, { signal }) });

/** Of the project that the window shows. */
export const useStackMirror = () => useFeature(createStackMirrors).of(useProjectId());
export const useProjectsMirror = () => useFeature(createProjectsMirror);
export const useSkillsMirror = () => useFeature(createSkillsMirror);
export const useModelsMirror = () => useFeature(createModelsMirror);
export const useSettingsMirror = () => useFeature(createSettingsMirror);

export const useStackSnapshot = () => useMirrorValue(useStackMirror());
export const useProjects = () => useMirrorValue(useProjectsMirror())?.projects;
export const useSkillsSnapshot = () => useMirrorValue(useSkillsMirror());
export const useModelsSnapshot = () => useMirrorValue(useModelsMirror());
export const useSettingsSnapshot = () => useMirrorValue(useSettingsMirror());

/** The gateway, its models and its skills belong to the workspace, whatever project is shown. */
export const useIsWorkspace = () => useProjectId() === WORKSPACE_PROJECT;
