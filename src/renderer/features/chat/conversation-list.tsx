import { ActionIcon, Button, Group, Menu, Modal, TextInput } from '@mantine/core';
import { IconDots, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationSummary } from '../../../shared/chat/chat-contract.ts';
import { useAction } from '../../rpc/use-action.ts';
import { StatusDot } from '../../ui/status-dot.tsx';
import { useNow } from '../../ui/use-now.ts';
import classes from './chat.module.css';
import { useChat, useChatStore } from './chat-hooks.ts';
import { groupConversations } from './group-conversations.ts';

type Dialog = { readonly kind: 'rename' | 'delete'; readonly conversation: ConversationSummary };

const MINUTE_MS = 60_000;

export function ConversationList({ conversations }: { conversations: readonly ConversationSummary[] }) {
  const { t } = useTranslation('chat');
  const chat = useChatStore();
  const now = useNow(MINUTE_MS);
  const [dialog, setDialog] = useState<Dialog>();
  return (
    <nav className={classes.side} aria-label={t('conversations')}>
      <div className={classes.sideHead}>
        <Button
          fullWidth
          leftSection={<IconPlus size={15} aria-hidden />}
          onClick={() => chat.select(undefined)}
        >
          {t('newChat')}
        </Button>
      </div>
      <div className={classes.sideList}>
        {groupConversations(conversations, now).map(({ group, conversations: found }) => (
          <section key={group} aria-label={t(`groups.${group}`)}>
            <h2 className={classes.groupTitle}>{t(`groups.${group}`)}</h2>
            <ul className={classes.list}>
              {found.map((conversation) => (
                <ConversationRow key={conversation.id} conversation={conversation} onDialog={setDialog} />
              ))}
            </ul>
          </section>
        ))}
      </div>
      {dialog?.kind === 'rename' && (
        <RenameDialog conversation={dialog.conversation} onClose={() => setDialog(undefined)} />
      )}
      {dialog?.kind === 'delete' && (
        <DeleteDialog conversation={dialog.conversation} onClose={() => setDialog(undefined)} />
      )}
    </nav>
  );
}

interface RowProps {
  readonly conversation: ConversationSummary;
  readonly onDialog: (dialog: Dialog) => void;
}

function ConversationRow({ conversation, onDialog }: RowProps) {
  const { t } = useTranslation('chat');
  const chat = useChatStore();
  const isSelected = useChat((state) => state.selected === conversation.id);
  const title = conversation.title || t('untitled');
  return (
    <li className={classes.row} data-selected={isSelected || undefined}>
      <button
        type="button"
        className={classes.rowButton}
        aria-current={isSelected ? 'true' : undefined}
        title={title}
        onClick={() => chat.select(conversation.id)}
      >
        <span className={classes.rowName}>{title}</span>
        {conversation.streaming && (
          <span role="img" aria-label={t('answering')}>
            <StatusDot tone="busy" />
          </span>
        )}
      </button>
      <Menu position="bottom-start">
        <Menu.Target>
          <ActionIcon className={classes.rowMore} size={22} aria-label={t('more', { title })}>
            <IconDots size={14} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconPencil size={14} />}
            onClick={() => onDialog({ kind: 'rename', conversation })}
          >
            {t('rename')}
          </Menu.Item>
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={14} />}
            onClick={() => onDialog({ kind: 'delete', conversation })}
          >
            {t('delete')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}

interface DialogProps {
  readonly conversation: ConversationSummary;
  readonly onClose: () => void;
}

function RenameDialog({ conversation, onClose }: DialogProps) {
  const { t } = useTranslation('chat');
  const chat = useChatStore();
  const [title, setTitle] = useState(conversation.title);
  const rename = useAction(async () => {
    await chat.rename(conversation.id, title.trim());
    onClose();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (title.trim() !== '') void rename.run();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('renameTitle')}
      closeButtonProps={{ 'aria-label': t('actions.close', { ns: 'shell' }) }}
    >
      <form onSubmit={submit}>
        <TextInput
          data-autofocus
          label={t('renameLabel')}
          value={title}
          maxLength={120}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Group justify="flex-end" mt="md">
          <Button onClick={onClose}>{t('actions.cancel')}</Button>
          <Button type="submit" variant="filled" disabled={title.trim() === ''} loading={rename.pending}>
            {t('save')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

function DeleteDialog({ conversation, onClose }: DialogProps) {
  const { t } = useTranslation('chat');
  const chat = useChatStore();
  const remove = useAction(async () => {
    await chat.remove(conversation.id);
    onClose();
  });
  const title = t('deleteTitle', { title: conversation.title || t('untitled') });
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      closeButtonProps={{ 'aria-label': t('actions.close', { ns: 'shell' }) }}
    >
      {t('deleteText')}
      <Group justify="flex-end" mt="md">
        <Button data-autofocus onClick={onClose}>
          {t('actions.cancel')}
        </Button>
        <Button color="red" variant="filled" loading={remove.pending} onClick={() => void remove.run()}>
          {t('delete')}
        </Button>
      </Group>
    </Modal>
  );
}
