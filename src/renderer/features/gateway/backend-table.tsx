import type { BackendStatus } from '@skilldeck/agent-skills';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { gatewayWords } from '../../../shared/gateway/gateway-words.ts';
import { presentPhrase } from '../../errors/present-error.ts';
import { navigate } from '../../shell/ui-store.ts';
import { StatusDot, type Tone } from '../../ui/status-dot.tsx';
import { Tag } from '../../ui/tag.tsx';
import { formatNext, formatPlace, ProcessButton, ProcessState } from './backend-process.tsx';
import classes from './gateway.module.css';

const TONES: Record<BackendStatus['state'], Tone> = {
  ready: 'ok',
  loading: 'busy',
  sleeping: 'idle',
  unavailable: 'bad',
};

/** Who answers. */
export function BackendTable({ backends }: { backends: readonly BackendStatus[] }) {
  const { t } = useTranslation('gateway');
  const hasProcess = backends.some(({ process }) => process !== undefined);
  return (
    <section className={classes.card} aria-label={t('backends.title')}>
      <h2>{t('backends.title')}</h2>
      {backends.length === 0 ? (
        <p className={classes.nothing}>
          {t('backends.none')}{' '}
          <button type="button" className={classes.link} onClick={() => navigate('settings')}>
            {t('backends.choose')}
          </button>
        </p>
      ) : (
        <div className={classes.tableScroll}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">{t('column.backend')}</th>
                <th scope="col">{t('column.state')}</th>
                <th scope="col">{t('column.model')}</th>
                <th scope="col" data-number>
                  {t('column.inFlight')}
                </th>
                {hasProcess && (
                  <th scope="col" className={classes.processColumn}>
                    <span className={classes.hidden}>
                      {t('process.load')} / {t('process.unload')}
                    </span>
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {backends.map((backend) => (
                <Row key={backend.name} backend={backend} hasAction={hasProcess} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Row({ backend, hasAction }: { backend: BackendStatus; hasAction: boolean }) {
  const { t } = useTranslation('gateway');
  const { t: errors } = useTranslation('errors');
  const isOpen = backend.circuit !== undefined && backend.circuit.state !== 'closed';
  const others = backend.models.length - 1;
  const place = formatPlace(t, backend.process);
  return (
    <tr>
      <th scope="row">
        {backend.name}{' '}
        <span className={classes.kind} title={place?.title}>
          {t(`kind.${backend.kind}`)}
          {place && ` · ${place.text}`}
        </span>
      </th>
      <td title={saidOf(errors, backend) ?? formatNext(t, backend.process)}>
        <span className={classes.state}>
          {backend.process ? (
            <ProcessState process={backend.process} />
          ) : (
            <>
              <StatusDot tone={TONES[backend.state]} />
              {t(`backend.${backend.state}`)}
            </>
          )}
          {isOpen && backend.circuit && (
            <Tag tone="warn">{t('circuit', { seconds: Math.ceil(backend.circuit.retryInMs / 1000) })}</Tag>
          )}
        </span>
      </td>
      <td>
        <code>{backend.model?.name ?? backend.model?.id ?? '–'}</code>
        {others > 0 && <span className={classes.kind}> {t('backends.more', { count: others })}</span>}
      </td>
      <td data-number>{backend.inFlight}</td>
      {hasAction && (
        <td className={classes.processColumn}>
          {backend.process && <ProcessButton name={backend.name} process={backend.process} />}
        </td>
      )}
    </tr>
  );
}

function saidOf(t: TFunction<'errors'>, { code, message }: BackendStatus): string | undefined {
  return message && presentPhrase(t, gatewayWords(code, message));
}
