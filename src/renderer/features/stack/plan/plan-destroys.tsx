import { TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { PlanView } from '../../../../shared/stack/plan-view.ts';
import classes from './plan-review.module.css';

interface PlanDestroysProps {
  readonly destroys: PlanView['destroys'];
  readonly project: string;
  /** What the person has typed to agree. */
  readonly typed: string;
  readonly onType: (text: string) => void;
}

/** Volumes cannot be brought back: the project's name has to be typed. */
export const isAgreed = (destroys: PlanView['destroys'], project: string, typed: string): boolean =>
  (destroys?.volumes.length ?? 0) === 0 || typed === project;

export function PlanDestroys({ destroys, project, typed, onType }: PlanDestroysProps) {
  const { t } = useTranslation('plan');
  const { volumes = [], images = [] } = destroys ?? {};
  if (volumes.length === 0 && images.length === 0) return null;
  return (
    <section className={classes.destroys} aria-label={t('destroys.label')}>
      <IconAlertTriangle size={18} stroke={1.7} aria-hidden />
      <div>
        {volumes.length > 0 && (
          <>
            <h3>{t('destroys.volumes', { count: volumes.length })}</h3>
            <Names names={volumes} />
          </>
        )}
        {images.length > 0 && (
          <>
            <h3>{t('destroys.images', { count: images.length })}</h3>
            <Names names={images} />
          </>
        )}
        {volumes.length > 0 && (
          <TextInput
            mt="sm"
            label={t('destroys.type', { project })}
            value={typed}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => onType(event.currentTarget.value)}
          />
        )}
      </div>
    </section>
  );
}

function Names({ names }: { names: readonly string[] }) {
  return (
    <ul className={classes.names}>
      {names.map((name) => (
        <li key={name}>
          <code>{name}</code>
        </li>
      ))}
    </ul>
  );
}
