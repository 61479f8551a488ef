import { Button } from '@mantine/core';
import { IconArrowDown, IconMessage } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useModelsSnapshot } from '../../rpc/mirrors.ts';
import { runCommand } from '../../shell/commands.ts';
import { navigate } from '../../shell/ui-store.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { AnswerMessage } from './answer-message.tsx';
import classes from './chat.module.css';
import { useChat } from './chat-hooks.ts';
import { QuestionMessage } from './question-message.tsx';
import { useFollowScroll } from './use-follow-scroll.ts';

/** What is mounted at once; the browser skips drawing what is off screen, but layout has its price too. */
const PAGE_SIZE = 120;

export function MessageList() {
  const { t } = useTranslation('chat');
  const selected = useChat((state) => state.selected);
  const messages = useChat((state) => state.conversation?.messages);
  const [limit, setLimit] = useState(PAGE_SIZE);
  const { scroller, content, isFollowing, toEnd } = useFollowScroll(selected);
  const isEmpty = selected === undefined || messages?.length === 0;
  const shown = messages?.slice(-limit) ?? [];
  const hidden = (messages?.length ?? 0) - shown.length;
  const lastQuestion = messages?.findLast((message) => message.role === 'user');
  return (
    <div className={classes.messagesFrame}>
      <div className={classes.scroller} ref={scroller}>
        <div className={classes.messages} ref={content} role="log" aria-label={t('messages')} aria-live="off">
          {hidden > 0 && (
            <Button className={classes.earlier} onClick={() => setLimit(limit + PAGE_SIZE)}>
              {t('earlier', { count: hidden })}
            </Button>
          )}
          {shown.map((message) =>
            message.role === 'user' ? (
              <QuestionMessage key={message.id} message={message} isLast={message.id === lastQuestion?.id} />
            ) : (
              <AnswerMessage key={message.id} message={message} question={lastQuestion} />
            ),
          )}
        </div>
        {isEmpty && <EmptyChat />}
      </div>
      {!isFollowing && !isEmpty && (
        <Button
          className={classes.toLatest}
          leftSection={<IconArrowDown size={14} aria-hidden />}
          onClick={toEnd}
        >
          {t('toLatest')}
        </Button>
      )}
    </div>
  );
}

function EmptyChat() {
  const { t } = useTranslation('chat');
  const serving = useModelsSnapshot()?.serving.kind;
  const icon = <IconMessage size={34} stroke={1.4} />;
  if (serving !== 'gateway_not_running')
    return (
      <EmptyState icon={icon} title={t('empty.title')}>
        {t('empty.text')}
      </EmptyState>
    );
  return (
    <EmptyState icon={icon} title={t('notRunning.title')} actions={<StartButtons />}>
      {t('notRunning.text')}
    </EmptyState>
  );
}

export function StartButtons() {
  const { t } = useTranslation('chat');
  return (
    <>
      <Button variant="filled" onClick={() => runCommand('stack.start') || navigate('stack')}>
        {t('notRunning.start')}
      </Button>
      <Button onClick={() => navigate('stack')}>{t('notRunning.open')}</Button>
    </>
  );
}
