import { ActionIcon, Button, Textarea, Tooltip } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChatMessage } from '../../../shared/chat/chat-contract.ts';
import { useAction } from '../../rpc/use-action.ts';
import classes from './chat.module.css';
import { useChatStore } from './chat-hooks.ts';
import { CopyButton } from './copy-button.tsx';

interface QuestionProps {
  readonly message: ChatMessage;
  /** Only the last question can be asked again in other words. */
  readonly isLast: boolean;
}

export const QuestionMessage = memo(function QuestionMessage({ message, isLast }: QuestionProps) {
  const { t } = useTranslation('chat');
  const [isEditing, setIsEditing] = useState(false);
  if (isEditing) return <QuestionEditor message={message} onClose={() => setIsEditing(false)} />;
  return (
    <article className={classes.question} aria-label={t('you')}>
      <div className={classes.bubble}>{message.text}</div>
      <div className={classes.tools}>
        {isLast && (
          <Tooltip label={t('actions.edit')}>
            <ActionIcon size={24} aria-label={t('actions.edit')} onClick={() => setIsEditing(true)}>
              <IconPencil size={15} />
            </ActionIcon>
          </Tooltip>
        )}
        <CopyButton text={message.text} label={t('actions.copy')} />
      </div>
    </article>
  );
});

function QuestionEditor({ message, onClose }: { message: ChatMessage; onClose: () => void }) {
  const { t } = useTranslation('chat');
  const chat = useChatStore();
  const [text, setText] = useState(message.text);
  const resend = useAction(async () => {
    await chat.resend(message.id, text);
    onClose();
  });
  return (
    <div className={classes.editing}>
      <Textarea
        data-autofocus
        autoFocus
        autosize
        maxRows={12}
        aria-label={t('actions.editLabel')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onClose();
        }}
      />
      <div className={classes.editButtons}>
        <Button onClick={onClose}>{t('actions.cancel')}</Button>
        <Button
          variant="filled"
          disabled={text.trim() === ''}
          loading={resend.pending}
          onClick={() => void resend.run()}
        >
          {t('actions.resend')}
        </Button>
      </div>
    </div>
  );
}
