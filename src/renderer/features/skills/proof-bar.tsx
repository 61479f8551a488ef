import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SkillSummary, SkillsSnapshot } from '../../../shared/skills/skills-contract.ts';
import { ErrorCard } from '../../errors/error-card.tsx';
import { navigate } from '../../shell/ui-store.ts';
import { StatusDot } from '../../ui/status-dot.tsx';
import { describeSave } from './describe-save.ts';
import type { OpenSkill } from './skill-documents.ts';
import classes from './skills.module.css';
import { useSkillsStore } from './skills-hooks.ts';

interface ProofBarProps {
  readonly skill: OpenSkill;
  readonly summary: SkillSummary | undefined;
  readonly gateway: SkillsSnapshot['gateway'] | undefined;
  readonly onCompare: () => void;
}

/** The line under the editor: what became of the text, and what to do where that was not what was wanted. */
export function ProofBar({ skill, summary, gateway, onCompare }: ProofBarProps) {
  const { t } = useTranslation('skills');
  const skills = useSkillsStore();
  const { id, save } = skill;
  if (save.kind === 'conflict')
    return (
      <Warning text={t('conflict.text')}>
        <Button size="compact-sm" onClick={onCompare}>
          {t('conflict.compare')}
        </Button>
        <Button size="compact-sm" onClick={() => void skills.save(id, { overwrite: true })}>
          {t('conflict.overwrite')}
        </Button>
        <Button size="compact-sm" onClick={() => void skills.reload(id)}>
          {t('conflict.reload')}
        </Button>
      </Warning>
    );
  if (save.kind === 'deleted')
    return (
      <Warning text={t('gone.text')}>
        <Button size="compact-sm" onClick={() => void skills.save(id, { overwrite: true })}>
          {t('gone.keep')}
        </Button>
        <Button size="compact-sm" onClick={() => skills.close(id)}>
          {t('gone.discard')}
        </Button>
      </Warning>
    );
  if (save.kind === 'failed')
    return (
      <div className={classes.saveError}>
        <ErrorCard
          compact
          error={save.error}
          actions={
            <Button size="compact-sm" onClick={() => void skills.save(id)}>
              {t('actions.retry', { ns: 'shell' })}
            </Button>
          }
        />
      </div>
    );
  const { tone, key, ...params } = describeSave(skill, summary, gateway);
  const isOffline = key === 'cleanOffline' || key === 'notRunning';
  return (
    <div className={classes.proof} data-tone={tone} role="status" aria-label={t('proof.label')}>
      <StatusDot tone={tone} />
      <span>{t(`proof.${key}`, params)}</span>
      {isOffline && (
        <Button size="compact-sm" variant="subtle" onClick={() => navigate('stack')}>
          {t('proof.startGateway')}
        </Button>
      )}
    </div>
  );
}

function Warning({ text, children }: { text: string; children: ReactNode }) {
  return (
    <div className={classes.proof} data-tone="warn" role="alert">
      <StatusDot tone="warn" />
      <span className={classes.grow}>{text}</span>
      {children}
    </div>
  );
}
