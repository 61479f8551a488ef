import { useTranslation } from 'react-i18next';
import type { ServiceChange } from '../../../../shared/stack/plan-view.ts';
import classes from './plan-review.module.css';

/** Everything goes for the same reason: names and how many containers each has say it all. */
export function DownServices({ services }: { services: readonly ServiceChange[] }) {
  const { t } = useTranslation('plan');
  const gone = services.filter(({ action }) => action !== 'none');
  const containers = gone.reduce((sum, { replicas }) => sum + Math.max(1, replicas.from), 0);
  return (
    <section className={classes.resources}>
      <h3>{t('down.containers', { count: containers })}</h3>
      <ul className={classes.gone}>
        {gone.map(({ service, replicas }) => (
          <li key={service}>
            {service}
            {replicas.from > 1 && <span>× {replicas.from}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
