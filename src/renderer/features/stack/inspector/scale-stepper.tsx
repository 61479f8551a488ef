import { ActionIcon, Button } from '@mantine/core';
import { IconMinus, IconPlus } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ServiceSnapshot } from '../../../../shared/stack/stack-snapshot.ts';
import type { StackActions } from '../use-stack-actions.ts';
import classes from './inspector.module.css';

interface ScaleStepperProps {
  readonly service: ServiceSnapshot;
  readonly canAct: boolean;
  readonly actions: StackActions;
}

const MAX_REPLICAS = 100;

/** How many instances there should be; nothing happens before the button is pressed. */
export function ScaleStepper({ service, canAct, actions }: ScaleStepperProps) {
  const { t } = useTranslation('services');
  const wanted = service.replicas?.wanted ?? Math.max(1, service.instances.length);
  const [value, setValue] = useState(wanted);
  // Another wish, from here or a terminal, is the new starting point.
  useEffect(() => setValue(wanted), [wanted]);
  const step = (by: number) => setValue((before) => Math.min(MAX_REPLICAS, Math.max(0, before + by)));
  return (
    <fieldset className={classes.scale} aria-label={t('scale.label', { name: service.name })}>
      <span>{t('scale.title')}</span>
      <ActionIcon
        variant="default"
        size={26}
        aria-label={t('scale.less')}
        disabled={value === 0}
        onClick={() => step(-1)}
      >
        <IconMinus size={13} stroke={2} aria-hidden />
      </ActionIcon>
      <output aria-live="polite">{value}</output>
      <ActionIcon
        variant="default"
        size={26}
        aria-label={t('scale.more')}
        disabled={value === MAX_REPLICAS}
        onClick={() => step(1)}
      >
        <IconPlus size={13} stroke={2} aria-hidden />
      </ActionIcon>
      {value !== wanted && (
        <Button
          size="compact-sm"
          variant="filled"
          disabled={!canAct}
          onClick={() => actions.scale(service.name, value)}
        >
          {t('scale.apply', { value })}
        </Button>
      )}
    </fieldset>
  );
}
