import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { RpcClient } from '../../rpc/client.ts';
import { useSkillsMirror } from '../../rpc/mirrors.ts';
import { useFeature } from '../../rpc/use-feature.ts';
import type { OpenSkill } from './skill-documents.ts';
import { SkillsStore } from './skills-store.ts';

const createSkills = (client: RpcClient): SkillsStore => new SkillsStore(client);

export function useSkillsStore(): SkillsStore {
  return useFeature(createSkills);
}

export function useOpenSkill(id: string | undefined): OpenSkill | undefined {
  return useStore(useSkillsStore().store, (state) => (id === undefined ? undefined : state.open[id]));
}

/** Lets the open skills follow what main reports, while the page is shown. */
export function useFollowDisk(): void {
  const skills = useSkillsStore();
  const mirror = useSkillsMirror();
  useEffect(() => {
    const apply = (): void => {
      const state = mirror.store.getState();
      if (state.kind === 'live') void skills.applySnapshot(state.value);
    };
    apply();
    return mirror.store.subscribe(apply);
  }, [skills, mirror]);
}
