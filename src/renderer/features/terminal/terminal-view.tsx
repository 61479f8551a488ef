import { Button, Menu, Tooltip } from '@mantine/core';
import { IconChevronDown, IconPlayerPlay, IconPlus, IconTerminal2 } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ServiceSnapshot } from '../../../shared/stack/stack-snapshot.ts';
import { ErrorCard } from '../../errors/error-card.tsx';
import type { RpcClient } from '../../rpc/client.ts';
import { useStackSnapshot } from '../../rpc/mirrors.ts';
import { useProjectId } from '../../rpc/selected-project.ts';
import { useFeature } from '../../rpc/use-feature.ts';
import { navigate, useUiStore } from '../../shell/ui-store.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { createShellScreen } from './shell-screen.ts';
import classes from './terminal.module.css';
import { type Session, TerminalSessions } from './terminal-sessions.ts';
import { TerminalTabs } from './terminal-tabs.tsx';

const INIT_COMMAND = '/app/init.sh --config /app/config.json';
const UP_STATES = ['running', 'healthy', 'unhealthy', 'starting', 'degraded'];

/** More would fill the page; the button has them all. */
const OFFERED = 9;

const createSessions = (client: RpcClient): TerminalSessions =>
  new TerminalSessions(client, createShellScreen);

export function TerminalView() {
  const { t } = useTranslation('terminal');
  const sessions = useFeature(createSessions);
  const { sessions: open, active } = useStore(sessions.store);
  const projectId = useProjectId();
  const snapshot = useStackSnapshot();
  const running = (snapshot?.services ?? []).filter(isUp);
  const session = open.find((candidate) => candidate.key === active);
  useTarget(sessions, projectId);
  const isGateway =
    session?.place.projectId === projectId &&
    snapshot?.services.find(({ name }) => name === session.place.service)?.role === 'gateway';
  const canInit = isGateway && snapshot?.engine.engine === 'docker' && session?.state.kind === 'open';
  const icon = <IconTerminal2 size={34} stroke={1.4} />;
  return (
    <section className={classes.page} aria-label={t('title')}>
      <PageHeader
        title={t('title')}
        facts={<span className={classes.keys}>{t('keys')}</span>}
        actions={
          <>
            {canInit && session && (
              <Tooltip label={t('runInitHint', { command: INIT_COMMAND })}>
                <Button
                  leftSection={<IconPlayerPlay size={15} aria-hidden />}
                  onClick={() => {
                    void sessions.write(session.key, `${INIT_COMMAND}\r`);
                    session.screen.terminal.focus();
                  }}
                >
                  {t('runInit')}
                </Button>
              </Tooltip>
            )}
            <NewShell services={running} onOpen={(service) => sessions.open({ projectId, service })} />
          </>
        }
      />
      {open.length > 0 && <TerminalTabs sessions={sessions} />}
      {session ? (
        <Screen key={session.key} session={session} onReopen={() => sessions.reopen(session.key)} />
      ) : running.length === 0 && snapshot ? (
        <EmptyState
          icon={icon}
          title={t('notRunning.title')}
          actions={<Button onClick={() => navigate('stack')}>{t('notRunning.start')}</Button>}
        >
          {t('notRunning.text')}
        </EmptyState>
      ) : (
        <EmptyState
          icon={icon}
          title={t('empty.title')}
          actions={running.slice(0, OFFERED).map(({ name }) => (
            <Button key={name} onClick={() => sessions.open({ projectId, service: name })}>
              {t('openIn', { service: name })}
            </Button>
          ))}
        >
          {t('empty.text')}
        </EmptyState>
      )}
    </section>
  );
}

function isUp(service: ServiceSnapshot): boolean {
  return service.available && UP_STATES.includes(service.state.kind);
}

/** Opens the shell that another page asked for; the visit is the proof that it was asked for again. */
function useTarget(sessions: TerminalSessions, projectId: string): void {
  const target = useUiStore((state) => (state.page === 'terminal' ? state.target : undefined));
  const visit = useUiStore((state) => state.visit);
  useEffect(() => {
    const service = target?.service;
    if (service === undefined || handledVisits.get(sessions) === visit) return;
    handledVisits.set(sessions, visit);
    const { sessions: open } = sessions.store.getState();
    const known = open.find(
      ({ place, state }) =>
        state.kind === 'open' &&
        place.projectId === projectId &&
        place.service === service &&
        place.instance?.id === target?.instance?.id,
    );
    if (known) sessions.activate(known.key);
    else sessions.open({ projectId, service, ...(target?.instance ? { instance: target.instance } : {}) });
  }, [sessions, projectId, target, visit]);
}

/** React runs effects twice in development; a shell must open once. */
const handledVisits = new WeakMap<TerminalSessions, number>();

function NewShell({
  services,
  onOpen,
}: {
  services: readonly ServiceSnapshot[];
  onOpen: (service: string) => void;
}) {
  const { t } = useTranslation('terminal');
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="filled"
          disabled={services.length === 0}
          leftSection={<IconPlus size={15} aria-hidden />}
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          {t('open')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
        {services.map(({ name }) => (
          <Menu.Item key={name} onClick={() => onOpen(name)}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Screen({ session, onReopen }: { session: Session; onReopen: () => void }) {
  const { t } = useTranslation('terminal');
  const host = useRef<HTMLDivElement>(null);
  const { screen, state } = session;
  useEffect(() => {
    if (host.current === null) return;
    const detach = screen.attach(host.current);
    screen.terminal.focus();
    return detach;
  }, [screen]);
  const reopen = (
    <Button size="compact-sm" onClick={onReopen}>
      {t('reopen')}
    </Button>
  );
  return (
    <>
      <div className={classes.screen} ref={host} />
      {state.kind === 'exited' && (
        <div className={classes.bar} role="status">
          <span>{state.code === null ? t('ended') : t('exited', { code: state.code })}</span>
          {reopen}
        </div>
      )}
      {state.kind === 'failed' && (
        <div className={classes.bar}>
          <ErrorCard compact error={state.error} actions={reopen} />
        </div>
      )}
    </>
  );
}
