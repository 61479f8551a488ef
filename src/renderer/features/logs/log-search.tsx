import { ActionIcon, TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TerminalScreen } from '../../xterm/terminal-screen.ts';
import classes from './logs.module.css';

/** Finds in what the screen holds; Ctrl/Cmd+F comes here, Enter goes on, Shift+Enter goes back. */
export function LogSearch({ screen }: { screen: TerminalScreen | undefined }) {
  const { t } = useTranslation('logs');
  const [text, setText] = useState('');
  const [hasMatch, setHasMatch] = useState(true);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const handleKey = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'f') return;
      event.preventDefault();
      input.current?.select();
    };
    window.addEventListener('keydown', handleKey, { capture: true });
    return () => window.removeEventListener('keydown', handleKey, { capture: true });
  }, []);
  const find = (wanted: string, direction: 'next' | 'previous', incremental = false) => {
    if (screen === undefined) return;
    if (wanted === '') {
      screen.search.clearDecorations();
      screen.terminal.clearSelection();
      setHasMatch(true);
    } else if (direction === 'next') setHasMatch(screen.search.findNext(wanted, { incremental }));
    else setHasMatch(screen.search.findPrevious(wanted));
  };
  return (
    <search className={classes.search}>
      <TextInput
        ref={input}
        size="xs"
        className={classes.searchInput}
        leftSection={<IconSearch size={14} aria-hidden />}
        placeholder={t('search')}
        aria-label={t('search')}
        aria-invalid={!hasMatch}
        title={hasMatch ? undefined : t('noMatch')}
        data-missing={!hasMatch || undefined}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          find(event.currentTarget.value, 'next', true);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') find(text, event.shiftKey ? 'previous' : 'next');
          if (event.key !== 'Escape') return;
          setText('');
          find('', 'next');
        }}
      />
      <ActionIcon aria-label={t('previous')} onClick={() => find(text, 'previous')}>
        <IconChevronUp size={16} />
      </ActionIcon>
      <ActionIcon aria-label={t('next')} onClick={() => find(text, 'next')}>
        <IconChevronDown size={16} />
      </ActionIcon>
    </search>
  );
}
