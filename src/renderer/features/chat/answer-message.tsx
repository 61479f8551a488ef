import { Button } from '@mantine/core';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChatMessage } from '../../../shared/chat/chat-contract.ts';
import { ErrorCard } from '../../errors/error-card.tsx';
import { useAction } from '../../rpc/use-action.ts';
import { Tag } from '../../ui/tag.tsx';
import { AnswerChips } from './answer-chips.tsx';
import classes from './chat.module.css';
import { useChatStore } from './chat-hooks.ts';
import { CopyButton } from './copy-button.tsx';
import { MarkdownText } from './markdown-text.tsx';

interface AnswerProps {
  readonly message: ChatMessage;
  /** The last question, for asking again after a failure. */
  readonly question: ChatMessage | undefined;
}

export const AnswerMessage = memo(function AnswerMessage({ message, question }: AnswerProps) {
  const { t } = useTranslation('chat');
  const chat = useChatStore();
  const retry = useAction(async () => {
    if (question) await chat.resend(question.id, question.text);
  });
  const { status, text, error } = message;
  return (
    <article
      className={classes.answer}
      aria-label={t('assistant')}
      aria-busy={status === 'streaming'}
      data-status={status}
    >
      {text === '' && status === 'streaming' ? (
        <p className={classes.thinking}>{t('thinking')}</p>
      ) : (
        <MarkdownText text={text} isStreaming={status === 'streaming'} />
      )}
      {error && (
        <ErrorCard
          compact
          error={error}
          actions={
            question && (
              <Button size="compact-sm" loading={retry.pending} onClick={() => void retry.run()}>
                {t('actions.retry')}
              </Button>
            )
          }
        />
      )}
      {status !== 'streaming' && (
        <div className={classes.meta}>
          {status === 'stopped' && <Tag>{t('stopped')}</Tag>}
          {message.facts && <AnswerChips facts={message.facts} onDetails={() => chat.inspect(message.id)} />}
          {text !== '' && <CopyButton text={text} label={t('actions.copy')} />}
        </div>
      )}
    </article>
  );
});
