import type { RpcClient } from './client.ts';
import { createMirror } from './mirror-store.ts';
import { useFeature } from './use-feature.ts';
import { useMirrorValue } from './use-mirror.ts';

/** What more than one page looks at, mirrored once per window. */
const createStackMirror = (client: RpcClient) =>
  createMirror({ open: (signal) => client.stack.subscribe({}, { signal }), seqOf: (value) => value.seq });

const createSkillsMirror = (client: RpcClient) =>
  createMirror({ open: (signal) => client.skills.subscribe({}, { signal }), seqOf: (value) => value.seq });

const createModelsMirror = (client: RpcClient) =>
  createMirror({ open: (signal) => client.models.subscribe({}, { signal }), seqOf: (value) => value.seq });

const createSettingsMirror = (client: RpcClient) =>
  createMirror({ open: (signal) => client.settings.subscribe({}, { signal }) });

export const useStackMirror = () => useFeature(createStackMirror);
export const useSkillsMirror = () => useFeature(createSkillsMirror);
export const useModelsMirror = () => useFeature(createModelsMirror);
export const useSettingsMirror = () => useFeature(createSettingsMirror);

export const useStackSnapshot = () => useMirrorValue(useStackMirror());
export const useSkillsSnapshot = () => useMirrorValue(useSkillsMirror());
export const useModelsSnapshot = () => useMirrorValue(useModelsMirror());
export const useSettingsSnapshot = () => useMirrorValue(useSettingsMirror());
