import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { serviceColourIndex } from './log-text.ts';
import classes from './logs.module.css';

interface ServiceFilterProps {
  readonly services: readonly string[];
  /** Empty means all. */
  readonly shown: readonly string[];
  readonly onChange: (shown: readonly string[]) => void;
}

/** More chips would take the lines' place. */
const MAX_CHIPS = 9;

export function ServiceFilter({ services, shown, onChange }: ServiceFilterProps) {
  const toggle = (service: string) => {
    const next = shown.includes(service) ? shown.filter((name) => name !== service) : [...shown, service];
    onChange(next.length === services.length ? [] : next);
  };
  const props = { services, shown, onToggle: toggle, onAll: () => onChange([]) };
  return services.length > MAX_CHIPS ? <FilterMenu {...props} /> : <FilterChips {...props} />;
}

interface PartProps {
  readonly services: readonly string[];
  readonly shown: readonly string[];
  readonly onToggle: (service: string) => void;
  readonly onAll: () => void;
}

function FilterChips({ services, shown, onToggle, onAll }: PartProps) {
  const { t } = useTranslation('logs');
  return (
    <fieldset className={classes.filter} aria-label={t('services')}>
      <button type="button" className={classes.chip} aria-pressed={shown.length === 0} onClick={onAll}>
        {t('all')}
      </button>
      {services.map((service) => (
        <button
          key={service}
          type="button"
          className={classes.chip}
          aria-pressed={shown.includes(service)}
          data-colour={serviceColourIndex(service, services)}
          onClick={() => onToggle(service)}
        >
          <i aria-hidden />
          {service}
        </button>
      ))}
    </fieldset>
  );
}

function FilterMenu({ services, shown, onToggle, onAll }: PartProps) {
  const { t } = useTranslation('logs');
  const [only] = shown;
  const text =
    only === undefined ? t('all') : shown.length === 1 ? only : t('chosen', { count: shown.length });
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button
          aria-label={`${t('services')}: ${text}`}
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          {text}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
        <Menu.Item onClick={onAll}>{t('all')}</Menu.Item>
        <Menu.Divider />
        {services.map((service) => (
          <Menu.CheckboxItem
            key={service}
            checked={shown.includes(service)}
            onChange={() => onToggle(service)}
          >
            {service}
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
