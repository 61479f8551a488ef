import { Checkbox } from '@mantine/core';
import type { RequestEntry } from '@skilldeck/agent-skills';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { gatewayWords } from '../../../shared/gateway/gateway-words.ts';
import { presentPhrase } from '../../errors/present-error.ts';
import { toLocale } from '../../i18n/i18n.ts';
import { useClient } from '../../rpc/client-context.tsx';
import { navigate } from '../../shell/ui-store.ts';
import { Tag, type TagTone } from '../../ui/tag.tsx';
import { type CallerNames, callerOf } from './caller-names.ts';
import classes from './gateway.module.css';
import { formatDuration } from './gateway-text.ts';
import { shortId } from './queue-table.tsx';

const LIMIT = 100;
const COLUMNS = ['ended', 'result', 'key', 'model', 'backend', 'skills', 'cache'] as const;

interface RequestTableProps {
  /** Asks again when it changes. */
  readonly seq: number;
  readonly callers: CallerNames;
}

/** The last requests, without their words. */
export function RequestTable({ callers, seq }: RequestTableProps) {
  const { t } = useTranslation('gateway');
  const [onlyTrouble, setOnlyTrouble] = useState(false);
  const requests = useRequests(seq);
  const shown = onlyTrouble ? requests.filter(({ status }) => status >= 400) : requests;
  return (
    <section className={classes.card} aria-label={t('requests.title')}>
      <h2>
        {t('requests.title')}
        <Checkbox
          size="xs"
          className={classes.cardAction}
          label={t('requests.onlyTrouble')}
          checked={onlyTrouble}
          onChange={(event) => setOnlyTrouble(event.currentTarget.checked)}
        />
      </h2>
      {shown.length === 0 ? (
        <p className={classes.nothing}>{t(requests.length === 0 ? 'requests.none' : 'requests.noTrouble')}</p>
      ) : (
        <div className={classes.tableScroll}>
          <table className={classes.table} data-wide>
            <thead>
              <tr>
                {COLUMNS.filter((column) => column !== 'key' || callers.size > 0).map((column) => (
                  <th key={column} scope="col">
                    {t(`column.${column}`)}
                  </th>
                ))}
                {(['queued', 'firstToken', 'total', 'tokens'] as const).map((column) => (
                  <th key={column} scope="col" data-number>
                    {t(`column.${column}`)}
                  </th>
                ))}
                <th scope="col">{t('column.request')}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((request) => (
                <Row key={request.requestId} request={request} callers={callers} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Row({ callers, request }: { callers: CallerNames; request: RequestEntry }) {
  const { t, i18n } = useTranslation('gateway');
  const clock = new Intl.DateTimeFormat(toLocale(i18n.language), {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  });
  const { t: errors } = useTranslation('errors');
  const { cache, code, firstTokenMs, message, model, queuedMs, tokensIn, tokensOut } = request;
  return (
    <tr>
      <td>{clock.format(new Date(request.endedAt))}</td>
      <td title={message && presentPhrase(errors, gatewayWords(code, message))}>
        <Tag tone={toneOf(request)}>{resultOf(request, t('requests.left'))}</Tag>
      </td>
      {callers.size > 0 && <td>{callerOf(callers, request.principal, t('owner'))}</td>}
      <td>{model ?? t('requests.default')}</td>
      <td>{request.backend ?? '–'}</td>
      <td title={request.skills.join(', ')}>{request.skills.join(', ') || '–'}</td>
      <td>
        {cache === undefined
          ? '–'
          : t(`requests.cached.${cache.toLowerCase()}`, { defaultValue: cache.toLowerCase() })}
      </td>
      <td data-number>{queuedMs < 1 ? '–' : formatDuration(queuedMs)}</td>
      <td data-number>{firstTokenMs === undefined ? '–' : formatDuration(firstTokenMs)}</td>
      <td data-number>{formatDuration(request.ms)}</td>
      <td data-number>{tokensOut === undefined ? '–' : `${tokensIn ?? 0} + ${tokensOut}`}</td>
      <td>
        <button
          type="button"
          className={classes.link}
          title={t('requests.log')}
          onClick={() => navigate('logs', { requestId: request.requestId })}
        >
          <code>{shortId(request.requestId)}</code>
        </button>
      </td>
    </tr>
  );
}

function resultOf({ cancelled, code, status }: RequestEntry, left: string): string {
  if (cancelled !== undefined) return left;
  return code === undefined ? String(status) : `${status} ${code}`;
}

function toneOf({ status }: RequestEntry): TagTone {
  if (status < 400) return 'ok';
  return status === 429 || status === 499 || status === 503 ? 'warn' : 'bad';
}

function useRequests(seq: number): readonly RequestEntry[] {
  const client = useClient();
  const [requests, setRequests] = useState<readonly RequestEntry[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the number is what says that there may be more
  useEffect(() => {
    let isOver = false;
    client.gateway.requests({ limit: LIMIT }).then(
      (answer) => {
        if (!isOver) setRequests(answer.requests);
      },
      // The page says by itself when the gateway does not answer.
      () => {},
    );
    return () => {
      isOver = true;
    };
  }, [client, seq]);
  return requests;
}
