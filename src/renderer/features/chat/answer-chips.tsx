import { useTranslation } from 'react-i18next';
import type { AnswerFacts } from '../../../shared/chat/chat-contract.ts';
import { navigate } from '../../shell/ui-store.ts';
import { Chip } from '../../ui/chip.tsx';
import { formatMs, tokensPerSecond } from './answer-facts.ts';

/** The facts of an answer in one row: which skills, whose words, how fast. */
export function AnswerChips({ facts, onDetails }: { facts: AnswerFacts; onDetails: () => void }) {
  const { t } = useTranslation('chat');
  const { skills, generation, requestId } = facts;
  const source = [facts.backend, facts.model].filter(Boolean).join(' · ');
  const speed = tokensPerSecond(facts);
  return (
    <>
      {skills.map((skill) => (
        <Chip
          key={skill}
          tone="ok"
          title={t('chips.openSkill', { skill })}
          onClick={() => navigate('skills', { skill })}
        >
          {generation === undefined ? skill : t('chips.generation', { skill, generation })}
        </Chip>
      ))}
      {skills.length === 0 && (
        <Chip>{generation === undefined ? t('chips.noSkillPlain') : t('chips.noSkill', { generation })}</Chip>
      )}
      {source && (
        <Chip title={t('actions.details')} onClick={onDetails}>
          {source}
        </Chip>
      )}
      {speed !== undefined && <Chip>{t('chips.speed', { value: Math.round(speed) })}</Chip>}
      {facts.firstTokenMs !== undefined && (
        <Chip>{t('chips.firstToken', { ms: formatMs(facts.firstTokenMs) })}</Chip>
      )}
      {facts.completionTokens !== undefined && (
        <Chip>{t('chips.tokens', { count: facts.completionTokens })}</Chip>
      )}
      {requestId !== undefined && (
        <Chip title={requestId} onClick={() => navigate('logs', { requestId })}>
          {t('chips.logs')} ↗
        </Chip>
      )}
    </>
  );
}
