import { useTranslation } from 'react-i18next';
import type { ServiceSnapshot } from '../../../../shared/stack/stack-snapshot.ts';
import { OutputLines } from '../../../ui/output-lines.tsx';
import classes from './inspector.module.css';

/** Why a service is not as it should be, in its own words. */
export function ServiceTrouble({ service }: { service: ServiceSnapshot }) {
  const { t } = useTranslation('stack');
  const { state } = service;
  switch (state.kind) {
    case 'unhealthy':
      return <Trouble title={t('inspector.probe')} lines={state.output.split('\n')} />;
    case 'degraded':
      return <Trouble title={t('inspector.degraded')} lines={state.output.split('\n')} />;
    case 'failed':
      return (
        <Trouble
          title={t('inspector.lastLines')}
          lines={state.lastLines}
          note={state.oomKilled ? t('inspector.outOfMemory') : undefined}
        />
      );
    default:
      return null;
  }
}

interface TroubleProps {
  readonly title: string;
  readonly lines: readonly string[];
  readonly note?: string | undefined;
}

function Trouble({ title, lines, note }: TroubleProps) {
  const shown = lines.filter((line, index) => line !== '' || index > 0);
  if (shown.length === 0 && note === undefined) return null;
  return (
    <section className={classes.part}>
      {note !== undefined && <p className={classes.note}>{note}</p>}
      {shown.length > 0 && <h3>{title}</h3>}
      <OutputLines lines={shown} label={title} />
    </section>
  );
}
