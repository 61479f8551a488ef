import { useTranslation } from 'react-i18next';
import type { LayerProgress } from '../../../../shared/stack/run-record.ts';
import { formatBytes } from '../../../ui/format.ts';
import classes from './layer-list.module.css';

/** Those beyond wait or are done: the count says so. */
const SHOWN = 5;

/** The layers of an image that is being fetched: those on their way, and how many are there. */
export function LayerList({ layers }: { layers: readonly LayerProgress[] }) {
  const { t } = useTranslation('stack');
  const moving = layers.filter(({ status }) => status === 'downloading' || status === 'extracting');
  const done = layers.filter(({ status }) => status === 'done').length;
  return (
    <ul className={classes.layers} aria-label={t('run.layers', { done, count: layers.length })}>
      {moving.slice(0, SHOWN).map((layer) => (
        <Layer key={layer.id} layer={layer} />
      ))}
      <li className={classes.count}>{t('run.layers', { done, count: layers.length })}</li>
    </ul>
  );
}

function Layer({ layer: { id, status, current, total } }: { layer: LayerProgress }) {
  const { t } = useTranslation('stack');
  const isKnown = current !== undefined && total !== undefined && total > 0;
  const percent = isKnown ? Math.min(100, (current / total) * 100) : 0;
  return (
    <li data-status={status}>
      <code>{id.replace(/^sha256:/, '').slice(0, 8)}</code>
      <i className={classes.bar} aria-hidden>
        <i style={{ width: `${percent}%` }} />
      </i>
      <span>
        {t(`run.layer.${status}`)}
        {isKnown && ` · ${formatBytes(current)} / ${formatBytes(total)}`}
      </span>
    </li>
  );
}
