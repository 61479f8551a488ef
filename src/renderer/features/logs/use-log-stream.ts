import { type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppErrorData } from '../../../shared/errors/app-error.ts';
import type { LogMark } from '../../../shared/logs/logs-contract.ts';
import { useClient } from '../../rpc/client-context.tsx';
import { readAppError } from '../../rpc/read-app-error.ts';
import { TerminalScreen } from '../../xterm/terminal-screen.ts';
import { runLogFeed } from './log-feed.ts';
import { formatBatch } from './log-text.ts';

const SCROLLBACK_LINES = 20_000;
const TAIL = 500;
/** A request's lines may be far back. */
const REQUEST_TAIL = 5000;

export type LogState = 'connecting' | 'streaming' | 'waiting' | 'ended';

interface LogStreamOptions {
  readonly host: RefObject<HTMLDivElement | null>;
  /** All services of the stack, for colours and padding. */
  readonly services: readonly string[];
  /** The ones to show; empty is all. */
  readonly shown: readonly string[];
  readonly projectId: string;
  readonly instance: string | undefined;
  readonly requestId: string | undefined;
  readonly isPaused: boolean;
}

/** Log lines from main into xterm. React only hears of the state; no line ever passes through it. */
export function useLogStream(options: LogStreamOptions) {
  const { host, projectId, services, shown, instance, requestId, isPaused } = options;
  const { t } = useTranslation('logs');
  const client = useClient();
  const [screen, setScreen] = useState<TerminalScreen>();
  const [state, setState] = useState<LogState>('connecting');
  const [dropped, setDropped] = useState(0);
  const [error, setError] = useState<AppErrorData>();
  const [attempt, setAttempt] = useState(0);
  const latest = useRef({ services, t });
  const gate = useRef({ isPaused, resume: () => {} });
  useEffect(() => {
    latest.current = { services, t };
    gate.current.isPaused = isPaused;
    if (!isPaused) gate.current.resume();
  });

  const label = t('output');
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const created = new TerminalScreen({ label, readOnly: true, scrollback: SCROLLBACK_LINES });
    const detach = created.attach(element);
    setScreen(created);
    return () => {
      detach();
      created.dispose();
      setScreen(undefined);
    };
  }, [host, label]);

  const shownKey = shown.join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt opens the stream again
  useEffect(() => {
    if (screen === undefined) return;
    const controller = new AbortController();
    screen.terminal.reset();
    setState('connecting');
    setDropped(0);
    setError(undefined);
    runLogFeed({
      client: client.logs,
      projectId,
      instance,
      services: shownKey === '' ? [] : shownKey.split('\n'),
      tail: requestId === undefined ? TAIL : REQUEST_TAIL,
      signal: controller.signal,
      waitWhilePaused: () =>
        gate.current.isPaused
          ? new Promise((resolve) => {
              gate.current.resume = resolve;
            })
          : Promise.resolve(),
      onBatch: async (batch) => {
        if (controller.signal.aborted) return;
        setState(batch.state);
        if (batch.dropped > 0) setDropped((count) => count + batch.dropped);
        const { services: known, t: translate } = latest.current;
        const droppedNote = (count: number) => translate('droppedNote', { count });
        const markText = (mark: LogMark, service: string) => translate(`mark.${mark}`, { service });
        const text = formatBatch(batch, { services: known, requestId, droppedNote, markText });
        if (text !== '') await screen.write(text);
      },
    }).catch((thrown: unknown) => {
      if (!controller.signal.aborted) setError(readAppError(thrown));
    });
    return () => {
      controller.abort();
      gate.current.resume();
    };
  }, [client, screen, projectId, shownKey, instance, requestId, attempt]);

  return { screen, state, dropped, error, retry: () => setAttempt((count) => count + 1) };
}
