import { Button } from '@mantine/core';
import { IconArrowUp, IconPlayerStopFilled } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorCard } from '../../errors/error-card.tsx';
import { useModelsSnapshot, useSkillsSnapshot } from '../../rpc/mirrors.ts';
import { useAction } from '../../rpc/use-action.ts';
import { Chip } from '../../ui/chip.tsx';
import classes from './chat.module.css';
import { useChat, useChatStore } from './chat-hooks.ts';
import { StartButtons } from './message-list.tsx';
import { ModelDialog } from './model-banner.tsx';
import { SkillMenu } from './skill-menu.tsx';
import { SlashList } from './slash-list.tsx';
import { findSlashSkills } from './slash-skills.ts';

export function Composer() {
  const { t } = useTranslation('chat');
  const chat = useChatStore();
  const selected = useChat((state) => state.selected);
  const draft = useChat((state) => state.drafts[state.selected ?? ''] ?? '');
  const isStreaming = useChat((state) => state.conversation?.messages.at(-1)?.status === 'streaming');
  const hasMessages = useChat((state) => (state.conversation?.messages.length ?? 0) > 0);
  const models = useModelsSnapshot();
  const skills = useSkillsSnapshot()?.skills ?? [];
  const [isChoosingModel, setIsChoosingModel] = useState(false);
  const [active, setActive] = useState(0);
  const input = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  const send = useAction(() => chat.send(), { onError: 'inline' });
  const stop = useAction(() => chat.stop());
  // biome-ignore lint/correctness/useExhaustiveDependencies: another conversation takes the focus along
  useEffect(() => input.current?.focus(), [selected]);

  const found = findSlashSkills(draft, skills);
  const isListOpen = found !== undefined;
  const at = Math.min(active, Math.max(0, (found?.length ?? 0) - 1));
  const serving = models?.serving;
  const isDown = serving?.kind === 'gateway_not_running';
  const canSend = draft.trim() !== '' && !isStreaming && !isDown && !isListOpen;

  const pick = (name: string | undefined) => {
    if (name === undefined) return;
    chat.setSkills([name]);
    chat.setDraft('');
    input.current?.focus();
  };
  const handleKey = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // While an input method composes, Enter chooses a character and must not send.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (found !== undefined && handleListKey(event, found.length, at, setActive)) return;
    if (found !== undefined && (event.key === 'Enter' || event.key === 'Tab') && found.length > 0) {
      event.preventDefault();
      pick(found[at]?.name);
    } else if (found !== undefined && event.key === 'Escape') chat.setDraft('');
    else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      if (canSend) void send.run();
    }
  };
  const model = serving?.kind === 'ready' ? serving.models[0]?.id : undefined;
  return (
    <div className={classes.composerArea}>
      {send.error && (
        <div className={classes.sendError}>
          <ErrorCard compact error={send.error} />
        </div>
      )}
      {isDown && hasMessages && (
        <div className={classes.banner} data-boxed role="status">
          <span className={classes.bannerText}>{t('notRunning.title')}</span>
          <StartButtons />
        </div>
      )}
      <div className={classes.composer}>
        {found !== undefined && <SlashList id={listId} skills={found} active={at} onPick={pick} />}
        <textarea
          ref={input}
          className={classes.input}
          rows={1}
          placeholder={t('composer.placeholder')}
          aria-label={t('composer.label')}
          aria-autocomplete="list"
          aria-controls={isListOpen ? listId : undefined}
          aria-activedescendant={isListOpen && found.length > 0 ? `${listId}-${at}` : undefined}
          maxLength={200_000}
          value={draft}
          onChange={(event) => {
            setActive(0);
            chat.setDraft(event.currentTarget.value);
          }}
          onKeyDown={handleKey}
        />
        <div className={classes.composerRow}>
          <Chip onClick={() => setIsChoosingModel(true)}>
            {t('model.button', { name: model ?? t('model.none') })} ▾
          </Chip>
          <SkillMenu skills={skills} />
          <span className={classes.composerHint}>
            {models?.queue && (isStreaming || models.queue.waiting > 0)
              ? t('composer.queue', { inFlight: models.queue.inFlight, max: models.queue.maxConcurrent })
              : t('composer.hint')}
          </span>
          {isStreaming ? (
            <Button
              leftSection={<IconPlayerStopFilled size={13} aria-hidden />}
              loading={stop.pending}
              onClick={() => void stop.run()}
            >
              {t('composer.stop')}
            </Button>
          ) : (
            <Button
              variant="filled"
              leftSection={<IconArrowUp size={15} aria-hidden />}
              disabled={!canSend}
              loading={send.pending}
              onClick={() => void send.run()}
            >
              {t('composer.send')}
            </Button>
          )}
        </div>
      </div>
      <ModelDialog opened={isChoosingModel} onClose={() => setIsChoosingModel(false)} />
    </div>
  );
}

/** Moves the choice; true when the key was one of the list's. */
function handleListKey(
  event: KeyboardEvent,
  count: number,
  at: number,
  setActive: (index: number) => void,
): boolean {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return false;
  event.preventDefault();
  if (count > 0) setActive((at + (event.key === 'ArrowDown' ? 1 : -1) + count) % count);
  return true;
}
