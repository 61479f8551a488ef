import { Button } from '@mantine/core';
import { IconLogs } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { AnswerFacts } from '../../../shared/chat/chat-contract.ts';
import { navigate } from '../../shell/ui-store.ts';
import { type Fact, Facts } from '../../ui/facts.tsx';
import { formatMs, timeShares, tokensPerSecond } from './answer-facts.ts';
import classes from './chat.module.css';
import { useChat } from './chat-hooks.ts';
import { CopyButton } from './copy-button.tsx';

/** What is known about one answer: the one that was picked, else the last. */
export function AnswerInspector() {
  const { t } = useTranslation('chat');
  const facts = useChat(({ conversation, inspected }) => {
    const answers = conversation?.messages.filter((message) => message.facts !== undefined);
    return (answers?.find((message) => message.id === inspected) ?? answers?.at(-1))?.facts;
  });
  return (
    <aside className={classes.inspector} aria-label={t('answer.title')}>
      <h2>{t('answer.title')}</h2>
      {facts ? <AnswerDetails facts={facts} /> : <p className={classes.muted}>{t('answer.none')}</p>}
    </aside>
  );
}

function AnswerDetails({ facts }: { facts: AnswerFacts }) {
  const { t } = useTranslation('chat');
  const { requestId } = facts;
  const speed = tokensPerSecond(facts);
  const row = (label: string, value: string | number | undefined, mono = false): Fact[] =>
    value === undefined ? [] : [{ label, value: String(value), mono }];
  const ms = (value: number | undefined) => (value === undefined ? undefined : formatMs(value));
  const tokens = (count: number | undefined) =>
    count === undefined ? undefined : t('answer.tokens', { count });
  const rows = [
    ...row(t('answer.skills'), facts.skills.join(', ') || t('answer.noSkills')),
    ...row(t('answer.generation'), facts.generation),
    ...row(t('answer.model'), facts.model),
    ...row(t('answer.backend'), facts.backend),
    ...row(t('answer.queued'), ms(facts.queuedMs)),
    ...row(t('answer.firstToken'), ms(facts.firstTokenMs)),
    ...row(t('answer.total'), ms(facts.totalMs)),
    ...row(t('answer.prompt'), tokens(facts.promptTokens)),
    ...row(t('answer.completion'), tokens(facts.completionTokens)),
    ...row(
      t('answer.speed'),
      speed === undefined ? undefined : t('chips.speed', { value: speed.toFixed(1) }),
    ),
  ];
  return (
    <>
      {requestId !== undefined && (
        <p className={classes.requestId}>
          <span title={requestId}>{requestId}</span>
          <CopyButton text={requestId} label={t('answer.copyRequest')} />
        </p>
      )}
      <Facts facts={rows} />
      <TimeBar facts={facts} />
      {requestId !== undefined && (
        <Button
          fullWidth
          leftSection={<IconLogs size={15} aria-hidden />}
          onClick={() => navigate('logs', { requestId })}
        >
          {t('answer.logs')}
        </Button>
      )}
    </>
  );
}

function TimeBar({ facts }: { facts: AnswerFacts }) {
  const { t } = useTranslation('chat');
  const shares = timeShares(facts);
  if (shares === undefined) return null;
  const phases = (['queue', 'first', 'rest'] as const).filter((phase) => shares[phase] > 0);
  return (
    <figure className={classes.time}>
      <figcaption>{t('answer.timeline')}</figcaption>
      <div className={classes.timeBar} aria-hidden>
        {phases.map((phase) => (
          <i key={phase} data-phase={phase} style={{ width: `${shares[phase]}%` }} />
        ))}
      </div>
      <ul>
        {phases.map((phase) => (
          <li key={phase}>
            <i data-phase={phase} aria-hidden />
            {t(`answer.phases.${phase}`)} {Math.round(shares[phase])} %
          </li>
        ))}
      </ul>
    </figure>
  );
}
