import { Button, Loader } from '@mantine/core';
import { IconMessagePlus } from '@tabler/icons-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SkillSummary, SkillsSnapshot } from '../../../shared/skills/skills-contract.ts';
import { TextEditor, type TextEditorHandle } from '../../monaco/text-editor.tsx';
import { useMonaco } from '../../monaco/use-monaco.ts';
import { useCommands } from '../../shell/commands.ts';
import { navigate } from '../../shell/ui-store.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { StatusDot } from '../../ui/status-dot.tsx';
import { CompareDialog } from './compare-dialog.tsx';
import { diagnosticText } from './diagnostic-text.ts';
import { ProblemChip } from './problem-chip.tsx';
import { ProblemList } from './problem-list.tsx';
import { ProofBar } from './proof-bar.tsx';
import { isDirty, type OpenSkill } from './skill-documents.ts';
import classes from './skills.module.css';
import { useSkillsStore } from './skills-hooks.ts';

interface SkillEditorProps {
  readonly skill: OpenSkill;
  readonly summary: SkillSummary | undefined;
  readonly gateway: SkillsSnapshot['gateway'] | undefined;
}

export function SkillEditor({ skill, summary, gateway }: SkillEditorProps) {
  const { t } = useTranslation('skills');
  const skills = useSkillsStore();
  const monaco = useMonaco();
  const editor = useRef<TextEditorHandle>(null);
  const [isComparing, setIsComparing] = useState(false);
  const { id, diagnostics } = skill;
  const dirty = isDirty(skill);
  const save = useCallback(() => void skills.save(id), [skills, id]);
  useSaveCommand(save, dirty);
  const markers = useMemo(
    () => diagnostics.map((found) => ({ ...found, message: diagnosticText(t, found) })),
    [diagnostics, t],
  );
  return (
    <section className={classes.editor} aria-label={id}>
      <PageHeader
        title={id}
        facts={
          <>
            {dirty && (
              <span className={classes.unsaved}>
                <StatusDot tone="busy" />
                {t('unsaved')}
              </span>
            )}
            <ProblemChip diagnostics={diagnostics} />
          </>
        }
        actions={
          <>
            <Button
              leftSection={<IconMessagePlus size={15} aria-hidden />}
              onClick={() => navigate('chat', { skill: id })}
            >
              {t('tryIt')}
            </Button>
            <Button
              className={classes.save}
              variant="filled"
              disabled={!dirty}
              onClick={save}
              rightSection={<Kbd keys="mod+S" />}
            >
              {t('save')}
            </Button>
          </>
        }
      />
      <div className={classes.editorHost}>
        {monaco.kind === 'ready' && (
          <TextEditor
            ref={editor}
            monaco={monaco.monaco}
            modelId={id}
            text={skill.text}
            revision={skill.revision}
            markers={markers}
            label={t('editorLabel', { name: id })}
            className={classes.monaco}
            onChange={(text) => skills.edit(id, text)}
            onSave={save}
          />
        )}
        {monaco.kind === 'loading' && (
          <Loader className={classes.loader} size="sm" aria-label={t('loading', { ns: 'shell' })} />
        )}
        {monaco.kind === 'failed' && <p className={classes.loader}>{t('editorFailed')}</p>}
      </div>
      <ProblemList
        diagnostics={diagnostics}
        onPick={(found) => editor.current?.goTo(found.line, found.column)}
      />
      <ProofBar skill={skill} summary={summary} gateway={gateway} onCompare={() => setIsComparing(true)} />
      {skill.save.kind === 'conflict' && monaco.kind === 'ready' && (
        <CompareDialog
          monaco={monaco.monaco}
          opened={isComparing}
          onClose={() => setIsComparing(false)}
          original={skill.save.current.text}
          modified={skill.text}
          actions={
            <>
              <Button onClick={() => void skills.reload(id)}>{t('conflict.reload')}</Button>
              <Button variant="filled" onClick={() => void skills.save(id, { overwrite: true })}>
                {t('conflict.overwrite')}
              </Button>
            </>
          }
        />
      )}
    </section>
  );
}

/** Offers saving to the menu and the palette; the editor has its own key for when it holds the focus. */
function useSaveCommand(save: () => void, dirty: boolean): void {
  const { t } = useTranslation('skills');
  useCommands(
    useMemo(
      () => [
        {
          id: 'file.save',
          title: t('save'),
          group: 'skills',
          shortcut: 'mod+S',
          disabled: !dirty,
          run: save,
        },
      ],
      [t, dirty, save],
    ),
  );
}
