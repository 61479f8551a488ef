import { useTranslation } from 'react-i18next';
import { serviceColourIndex } from './log-text.ts';
import classes from './logs.module.css';

interface ServiceFilterProps {
  readonly services: readonly string[];
  /** Empty means all. */
  readonly shown: readonly string[];
  readonly onChange: (shown: readonly string[]) => void;
}

export function ServiceFilter({ services, shown, onChange }: ServiceFilterProps) {
  const { t } = useTranslation('logs');
  const toggle = (service: string) => {
    const next = shown.includes(service) ? shown.filter((name) => name !== service) : [...shown, service];
    onChange(next.length === services.length ? [] : next);
  };
  return (
    <fieldset className={classes.filter} aria-label={t('services')}>
      <button
        type="button"
        className={classes.chip}
        aria-pressed={shown.length === 0}
        onClick={() => onChange([])}
      >
        {t('all')}
      </button>
      {services.map((service) => (
        <button
          key={service}
          type="button"
          className={classes.chip}
          aria-pressed={shown.includes(service)}
          data-colour={serviceColourIndex(service, services)}
          onClick={() => toggle(service)}
        >
          <i aria-hidden />
          {service}
        </button>
      ))}
    </fieldset>
  );
}
