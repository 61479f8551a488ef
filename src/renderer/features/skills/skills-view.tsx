import { Button } from '@mantine/core';
import { IconFileText, IconPlus } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { ErrorCard } from '../../errors/error-card.tsx';
import { useSkillsSnapshot } from '../../rpc/mirrors.ts';
import { setCrumb, useUiStore } from '../../shell/ui-store.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { DeleteSkillDialog } from './delete-skill-dialog.tsx';
import { NewSkillDialog } from './new-skill-dialog.tsx';
import { SkillEditor } from './skill-editor.tsx';
import { SkillInspector } from './skill-inspector.tsx';
import { SkillList } from './skill-list.tsx';
import classes from './skills.module.css';
import { useFollowDisk, useOpenSkill, useSkillsStore } from './skills-hooks.ts';

export function SkillsView() {
  const { t } = useTranslation('skills');
  const skills = useSkillsStore();
  const snapshot = useSkillsSnapshot();
  const selected = useStore(skills.store, (state) => state.selected);
  const readError = useStore(skills.store, (state) => state.readError);
  const skill = useOpenSkill(selected);
  const [isCreating, setIsCreating] = useState(false);
  const [deleting, setDeleting] = useState<string>();
  useFollowDisk();
  useSelection();
  useEffect(() => setCrumb(selected), [selected]);
  const summary = snapshot?.skills.find((candidate) => candidate.id === selected);
  const isEmpty = snapshot !== undefined && snapshot.skills.length === 0 && skill === undefined;
  const create = () => setIsCreating(true);
  const newButton = (
    <Button variant="filled" leftSection={<IconPlus size={15} aria-hidden />} onClick={create}>
      {t('new')}
    </Button>
  );
  return (
    <div className={classes.page}>
      <SkillList skills={snapshot?.skills ?? []} onCreate={create} onDelete={setDeleting} />
      {skill ? (
        <>
          <SkillEditor key={skill.id} skill={skill} summary={summary} gateway={snapshot?.gateway} />
          <SkillInspector skill={skill} summary={summary} />
        </>
      ) : (
        <div className={classes.empty}>
          {readError && readError.id === selected ? (
            <div className={classes.readError}>
              <ErrorCard
                error={readError.error}
                actions={
                  <Button onClick={() => void skills.select(readError.id)}>
                    {t('actions.retry', { ns: 'shell' })}
                  </Button>
                }
              />
            </div>
          ) : isEmpty ? (
            <EmptyState
              icon={<IconFileText size={34} stroke={1.4} />}
              title={t('none.title')}
              actions={newButton}
            >
              {t('none.text')}
            </EmptyState>
          ) : (
            <EmptyState icon={<IconFileText size={34} stroke={1.4} />} title={t('pick.title')}>
              {t('pick.text')}
            </EmptyState>
          )}
        </div>
      )}
      <NewSkillDialog opened={isCreating} onClose={() => setIsCreating(false)} />
      <DeleteSkillDialog id={deleting} onClose={() => setDeleting(undefined)} />
    </div>
  );
}

/** Shows the skill that another page asked for, else the first one. */
function useSelection(): void {
  const skills = useSkillsStore();
  const snapshot = useSkillsSnapshot();
  const target = useUiStore((state) => (state.page === 'skills' ? state.target?.skill : undefined));
  const visit = useUiStore((state) => state.visit);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same skill asked for twice is two visits
  useEffect(() => {
    if (target !== undefined) void skills.select(target);
  }, [skills, target, visit]);
  const first = snapshot?.skills[0]?.id;
  useEffect(() => {
    if (first !== undefined && skills.store.getState().selected === undefined) void skills.select(first);
  }, [skills, first]);
}
