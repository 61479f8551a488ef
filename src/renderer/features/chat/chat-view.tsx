import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorCard } from '../../errors/error-card.tsx';
import { setCrumb, useUiStore } from '../../shell/ui-store.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { AnswerInspector } from './answer-inspector.tsx';
import classes from './chat.module.css';
import { useChat, useChatStore, useConversations, useFollowConversation } from './chat-hooks.ts';
import { Composer } from './composer.tsx';
import { ConversationList } from './conversation-list.tsx';
import { MessageList } from './message-list.tsx';
import { ModelBanner } from './model-banner.tsx';

export function ChatView() {
  const { t } = useTranslation('chat');
  const chat = useChatStore();
  const conversations = useConversations();
  const selected = useChat((state) => state.selected);
  const openError = useChat((state) => state.openError);
  const title = conversations?.find(({ id }) => id === selected)?.title || t('untitled');
  useFollowConversation();
  useTarget();
  useEffect(() => setCrumb(title), [title]);
  useEffect(() => {
    const isGone = selected !== undefined && conversations?.every(({ id }) => id !== selected);
    // Another window or a fresh workspace: main's list is the truth. A chat just made may not be in it yet.
    if (isGone && openError?.code === 'chat.not_found') chat.select(undefined);
  }, [chat, conversations, selected, openError]);
  return (
    <div className={classes.page}>
      <ConversationList conversations={conversations ?? []} />
      <section className={classes.main} aria-label={title}>
        <PageHeader title={title} />
        <ModelBanner />
        {openError ? (
          <div className={classes.openError}>
            <ErrorCard error={openError} />
          </div>
        ) : (
          <MessageList />
        )}
        <Composer />
      </section>
      <AnswerInspector />
    </div>
  );
}

/** Takes over what another page asked for: a conversation, or a new chat with one skill. */
function useTarget(): void {
  const chat = useChatStore();
  const target = useUiStore((state) => (state.page === 'chat' ? state.target : undefined));
  useEffect(() => {
    if (target?.conversation !== undefined) chat.select(target.conversation);
    if (target?.skill === undefined) return;
    chat.select(undefined);
    chat.setSkills([target.skill]);
  }, [chat, target]);
}
