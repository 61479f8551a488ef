import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useProjects } from '../../rpc/mirrors.ts';
import { StatusDot, type Tone } from '../../ui/status-dot.tsx';
import classes from './terminal.module.css';
import type { Session, TerminalSessions } from './terminal-sessions.ts';

const TONES: Record<Session['state']['kind'], Tone> = {
  opening: 'busy',
  open: 'ok',
  exited: 'idle',
  failed: 'bad',
};

export function TerminalTabs({ sessions }: { sessions: TerminalSessions }) {
  const { t } = useTranslation('terminal');
  const { sessions: open, active } = useStore(sessions.store);
  const projects = useProjects();
  const isMixed = new Set(open.map(({ place }) => place.projectId)).size > 1;
  const nameOf = ({ place }: Session) => {
    const name = place.instance?.name ?? place.service;
    const project = projects?.find(({ id }) => id === place.projectId)?.name;
    return isMixed && project !== undefined ? `${project} / ${name}` : name;
  };
  const titleOf = (session: Session) => {
    const name = nameOf(session);
    const same = open.filter((other) => nameOf(other) === name);
    return same.length > 1 ? `${name} ${same.indexOf(session) + 1}` : name;
  };
  const handleKey = (event: KeyboardEvent, at: number) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const next = open[(at + step + open.length) % open.length];
    if (next) sessions.activate(next.key);
  };
  return (
    <ul className={classes.tabs} aria-label={t('tabs')}>
      {open.map((session, at) => (
        <li key={session.key} className={classes.tab} data-active={session.key === active || undefined}>
          <button
            type="button"
            className={classes.tabButton}
            aria-current={session.key === active ? 'true' : undefined}
            onClick={() => sessions.activate(session.key)}
            onKeyDown={(event) => handleKey(event, at)}
          >
            <StatusDot tone={TONES[session.state.kind]} />
            {titleOf(session)}
          </button>
          <ActionIcon
            size={20}
            aria-label={t('close', { title: titleOf(session) })}
            onClick={() => sessions.close(session.key)}
          >
            <IconX size={13} />
          </ActionIcon>
        </li>
      ))}
    </ul>
  );
}
