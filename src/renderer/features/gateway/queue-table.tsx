import { ActionIcon } from '@mantine/core';
import type { GatewayStatus } from '@skilldeck/agent-skills';
import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../rpc/client-context.tsx';
import { useAction } from '../../rpc/use-action.ts';
import { formatSeconds } from '../../ui/format.ts';
import { Tag } from '../../ui/tag.tsx';
import { type CallerNames, callerOf } from './caller-names.ts';
import classes from './gateway.module.css';

interface QueueRow {
  readonly requestId: string;
  readonly model: string;
  readonly principal: string | undefined;
  readonly isBatch: boolean;
  readonly where: string;
  readonly ms: number;
  readonly isWaiting: boolean;
}

/** Less is over before it is read. */
const WORTH_SAYING_MS = 100;

interface QueueTableProps {
  readonly status: GatewayStatus;
  readonly callers: CallerNames;
}

/** Who holds a slot and who waits for one, for how long still; each can be ended. */
export function QueueTable({ callers, status }: QueueTableProps) {
  const { t } = useTranslation('gateway');
  const rows: readonly QueueRow[] = [
    ...status.running.map((one) => ({
      ...named(one),
      where: one.backend,
      ms: one.elapsedMs,
      isWaiting: false,
    })),
    ...status.waiting.map((one) => ({
      ...named(one),
      where: [
        t('queue.position', { position: one.position }),
        one.expectedWaitMs === undefined || one.expectedWaitMs < WORTH_SAYING_MS
          ? undefined
          : t('queue.expected', { time: formatSeconds(one.expectedWaitMs) }),
      ]
        .filter(Boolean)
        .join(' · '),
      ms: one.waitedMs,
      isWaiting: true,
    })),
  ];
  return (
    <section className={classes.card} aria-label={t('queue.title')}>
      <h2>
        {t('queue.title')}
        <span className={classes.count}>
          {t('queue.count', { running: status.running.length, waiting: status.waiting.length })}
        </span>
      </h2>
      {rows.length === 0 ? (
        <p className={classes.nothing}>{t('queue.none')}</p>
      ) : (
        <div className={classes.tableScroll}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">{t('column.request')}</th>
                {callers.size > 0 && <th scope="col">{t('column.key')}</th>}
                <th scope="col">{t('column.model')}</th>
                <th scope="col">{t('column.where')}</th>
                <th scope="col" data-number>
                  {t('column.time')}
                </th>
                <th scope="col" className={classes.actionColumn}>
                  <span className={classes.hidden}>{t('queue.cancel')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Row key={row.requestId} row={row} callers={callers} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

type Queued = GatewayStatus['running' | 'waiting'][number];

function named({ model, principal, priority, requestId }: Queued) {
  return { requestId, model, principal, isBatch: priority === 'batch' };
}

function Row({ callers, row }: { callers: CallerNames; row: QueueRow }) {
  const { t } = useTranslation('gateway');
  const client = useClient();
  const cancel = useAction(() => client.gateway.cancelRequest({ requestId: row.requestId }));
  return (
    <tr data-waiting={row.isWaiting || undefined}>
      <th scope="row">
        <code title={row.requestId}>{shortId(row.requestId)}</code>
      </th>
      {callers.size > 0 && <td>{callerOf(callers, row.principal, t('owner'))}</td>}
      <td>{row.model}</td>
      <td>
        {row.where} {row.isBatch && <Tag>{t('queue.batch')}</Tag>}
      </td>
      <td data-number>{formatSeconds(row.ms)}</td>
      <td className={classes.actionColumn}>
        <ActionIcon
          variant="subtle"
          size="sm"
          loading={cancel.pending}
          aria-label={t('queue.cancelOne', { id: shortId(row.requestId) })}
          title={t('queue.cancel')}
          onClick={() => void cancel.run()}
        >
          <IconX size={14} stroke={1.8} />
        </ActionIcon>
      </td>
    </tr>
  );
}

/** Ids are told apart by their end. */
export function shortId(id: string): string {
  return id.length <= 12 ? id : `…${id.slice(-10)}`;
}
