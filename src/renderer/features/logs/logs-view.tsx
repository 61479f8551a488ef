import { ActionIcon, Button, Tooltip } from '@mantine/core';
import {
  IconArrowBarToDown,
  IconClearAll,
  IconCopy,
  IconPlayerPause,
  IconPlayerPlay,
  IconX,
} from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorCard } from '../../errors/error-card.tsx';
import { useStackSnapshot } from '../../rpc/mirrors.ts';
import { useProjectId } from '../../rpc/selected-project.ts';
import { type PageTarget, useUiStore } from '../../shell/ui-store.ts';
import { Chip } from '../../ui/chip.tsx';
import { copyText } from '../../ui/copy-text.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { LogSearch } from './log-search.tsx';
import classes from './logs.module.css';
import { ServiceFilter } from './service-filter.tsx';
import { useLogStream } from './use-log-stream.ts';

/** Another project begins with all its services. */
export function LogsView() {
  const projectId = useProjectId();
  return <ProjectLogs key={projectId} projectId={projectId} />;
}

function ProjectLogs({ projectId }: { projectId: string }) {
  const { t } = useTranslation('logs');
  const host = useRef<HTMLDivElement>(null);
  const snapshot = useStackSnapshot();
  const services = (snapshot?.services ?? [])
    .filter((service) => service.available && !service.inactive)
    .map((service) => service.name);
  const [shown, setShown] = useState<readonly string[]>([]);
  const [instance, setInstance] = useState<PageTarget['instance']>();
  const [requestId, setRequestId] = useState<string>();
  const [isPaused, setIsPaused] = useState(false);
  useTarget({ setShown, setInstance, setRequestId });
  const show = (names: readonly string[]) => {
    setShown(names);
    setInstance(undefined);
  };
  const { screen, state, dropped, error, retry } = useLogStream({
    host,
    projectId,
    services,
    shown,
    instance: instance?.id,
    requestId,
    isPaused,
  });
  const stateText = t(`state.${isPaused ? 'paused' : state}`);
  return (
    <section className={classes.page} aria-label={t('title')}>
      <PageHeader
        title={t('title')}
        facts={
          <>
            <Chip tone={isPaused ? 'warn' : state === 'streaming' ? 'ok' : 'idle'}>{stateText}</Chip>
            {dropped > 0 && <Chip tone="warn">{t('dropped', { count: dropped })}</Chip>}
            {instance !== undefined && (
              <Narrowed
                text={t('instance', { name: instance.name })}
                label={t('clearInstance')}
                onClear={() => setInstance(undefined)}
              />
            )}
            {requestId !== undefined && (
              <Narrowed
                text={t('request', { id: requestId })}
                label={t('clearRequest')}
                onClear={() => setRequestId(undefined)}
              />
            )}
          </>
        }
        actions={
          <>
            <Button
              leftSection={
                isPaused ? (
                  <IconPlayerPlay size={15} aria-hidden />
                ) : (
                  <IconPlayerPause size={15} aria-hidden />
                )
              }
              onClick={() => setIsPaused(!isPaused)}
            >
              {t(isPaused ? 'resume' : 'pause')}
            </Button>
            <Tool
              label={t('toEnd')}
              onClick={() => screen?.terminal.scrollToBottom()}
              icon={IconArrowBarToDown}
            />
            <CopyAll read={() => screen?.readText() ?? ''} />
            <Tool label={t('clear')} onClick={() => screen?.terminal.clear()} icon={IconClearAll} />
          </>
        }
      />
      <div className={classes.toolbar}>
        <ServiceFilter services={services} shown={shown} onChange={show} />
        <LogSearch screen={screen} />
      </div>
      {error && (
        <div className={classes.error}>
          <ErrorCard
            error={error}
            actions={<Button onClick={retry}>{t('actions.retry', { ns: 'shell' })}</Button>}
          />
        </div>
      )}
      <div className={classes.screen} ref={host} />
    </section>
  );
}

function Narrowed(props: { readonly text: string; readonly label: string; readonly onClear: () => void }) {
  return (
    <span className={classes.request}>
      <span title={props.text}>{props.text}</span>
      <ActionIcon size={20} aria-label={props.label} onClick={props.onClear}>
        <IconX size={13} />
      </ActionIcon>
    </span>
  );
}

interface TargetSetters {
  readonly setShown: (services: readonly string[]) => void;
  readonly setInstance: (instance: PageTarget['instance']) => void;
  readonly setRequestId: (id: string | undefined) => void;
}

/** Shows what another page asked for: one service, one instance of it, or the lines of one request. */
function useTarget({ setShown, setInstance, setRequestId }: TargetSetters) {
  const target = useUiStore((state) => (state.page === 'logs' ? state.target : undefined));
  useEffect(() => {
    if (target?.service !== undefined) {
      setShown([target.service]);
      setInstance(target.instance);
    }
    if (target?.requestId !== undefined) setRequestId(target.requestId);
  }, [target, setShown, setInstance, setRequestId]);
}

interface ToolProps {
  readonly label: string;
  readonly icon: typeof IconX;
  readonly onClick: () => void;
}

function Tool({ label, icon: Icon, onClick }: ToolProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} onClick={onClick}>
        <Icon size={17} />
      </ActionIcon>
    </Tooltip>
  );
}

function CopyAll({ read }: { read: () => string }) {
  const { t } = useTranslation('logs');
  const [isCopied, setIsCopied] = useState(false);
  const copy = async () => {
    await copyText(read());
    setIsCopied(true);
  };
  return <Tool label={t(isCopied ? 'copied' : 'copyAll')} icon={IconCopy} onClick={() => void copy()} />;
}
