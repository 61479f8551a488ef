import { useTranslation } from 'react-i18next';
import type { Cause, ServiceChange } from '../../../../shared/stack/plan-view.ts';
import { Tag, type TagTone } from '../../../ui/tag.tsx';
import classes from './plan-review.module.css';
import { SettingChanges } from './setting-changes.tsx';

const TONES: Record<ServiceChange['action'], TagTone> = {
  none: 'plain',
  create: 'ok',
  start: 'ok',
  restart: 'warn',
  replace: 'warn',
  scale: 'accent',
  stop: 'warn',
  remove: 'bad',
};

/** Those of which a person asks how long the service is away. */
const INTERRUPTING: readonly ServiceChange['action'][] = ['restart', 'replace', 'stop', 'remove'];

/** A row for each service that the plan touches: what, why, and for how long it does not answer. */
export function ServiceChanges({ services }: { services: readonly ServiceChange[] }) {
  const { t } = useTranslation('plan');
  const touched = services.filter(({ action }) => action !== 'none');
  const rest = services.filter(({ action }) => action === 'none');
  return (
    <>
      <ul className={classes.services} aria-label={t('services')}>
        {touched.map((change) => (
          <ChangeRow key={change.service} change={change} />
        ))}
      </ul>
      {rest.length > 0 && (
        <details className={classes.unchanged}>
          <summary>{t('unchanged', { count: rest.length })}</summary>
          <p>{rest.map(({ service }) => service).join(', ')}</p>
        </details>
      )}
    </>
  );
}

function ChangeRow({ change }: { change: ServiceChange }) {
  const { t } = useTranslation('plan');
  const { service, action, replicas, downtime, causes } = change;
  const [only] = causes;
  const isShort = causes.length === 1 && only !== undefined && (only.changes?.length ?? 0) === 0;
  // Of a new one a person expects one instance.
  const isUsual = action === 'create' && replicas.from === 0 && replicas.to === 1;
  return (
    <li className={classes.service}>
      <div className={classes.head}>
        <Tag tone={TONES[action]}>{t(`action.${action}`)}</Tag>
        <h3>{service}</h3>
        {replicas.from !== replicas.to && !isUsual && (
          <span className={classes.replicas}>
            {t('replicas', { from: replicas.from, to: replicas.to, count: replicas.to })}
          </span>
        )}
        {/* The numbers say it. */}
        {isShort && (only.kind !== 'scale' || replicas.from === replicas.to) && (
          <span className={classes.reason} title={only.text}>
            <CauseText cause={only} />
          </span>
        )}
        {INTERRUPTING.includes(action) && (
          <span className={classes.downtime} data-downtime={downtime}>
            {t(`downtime.${downtime}`)}
          </span>
        )}
      </div>
      {!isShort &&
        causes.map((cause, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a list that is drawn once and never reordered
          <CauseLine key={index} cause={cause} />
        ))}
    </li>
  );
}

function CauseText({ cause }: { cause: Cause }) {
  const { t } = useTranslation('stack');
  const { from, to, image, service } = cause.params;
  const detail = from !== undefined && to !== undefined ? `${from} → ${to}` : (image ?? service);
  return (
    <>
      {t(`cause.${cause.kind}`)}
      {detail && <code>{detail}</code>}
    </>
  );
}

function CauseLine({ cause }: { cause: Cause }) {
  return (
    <>
      <p className={classes.cause} title={cause.text}>
        <CauseText cause={cause} />
      </p>
      {cause.changes && cause.changes.length > 0 && <SettingChanges changes={cause.changes} />}
    </>
  );
}
