import { ActionIcon } from '@mantine/core';
import { IconAlertTriangle, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { StackSnapshot } from '../../../shared/stack/stack-snapshot.ts';
import classes from './load-warnings.module.css';
import { dismissWarnings, useStackUi } from './stack-ui-store.ts';

type Warnings = NonNullable<StackSnapshot['project']['warnings']>;

/** More are counted: a file without its `.env` has dozens. */
const SHOWN = 6;

interface LoadWarningsProps {
  readonly warnings: Warnings;
  /** Absent: it cannot be put away. */
  readonly onDismiss?: () => void;
}

/** What the files most likely do not mean, with the places. */
export function LoadWarnings({ warnings, onDismiss }: LoadWarningsProps) {
  const { t } = useTranslation('stack');
  const rest = warnings.slice(SHOWN);
  return (
    <section className={classes.warnings} aria-label={t('warnings.label')} data-bar={onDismiss && true}>
      <IconAlertTriangle size={15} stroke={1.8} aria-hidden />
      <div className={classes.text}>
        <p>{t('warnings.unset', { count: warnings.length })}</p>
        <ul>
          {warnings.slice(0, SHOWN).map(({ text, places }) => (
            <li key={text} title={places.join('\n')}>
              <code>{text}</code>
              <span>{placesText(places)}</span>
            </li>
          ))}
          {rest.length > 0 && (
            <li title={rest.map(({ text }) => text).join('\n')}>
              {t('warnings.more', { count: rest.length })}
            </li>
          )}
        </ul>
        <p>{t('warnings.hint', { count: warnings.length, example: `\${${warnings[0]?.text}:-…}` })}</p>
      </div>
      {onDismiss && (
        <ActionIcon
          size={22}
          aria-label={t('warnings.dismiss')}
          title={t('warnings.dismiss')}
          onClick={onDismiss}
        >
          <IconX size={14} stroke={1.7} aria-hidden />
        </ActionIcon>
      )}
    </section>
  );
}

const placesText = ([first = '', ...others]: readonly string[]) =>
  others.length === 0 ? first : `${first} +${others.length}`;

/** Over the page, until it is put away; what is new about the files shows again. */
export function WarningBar({ project: { id = '', warnings = [] } }: Pick<StackSnapshot, 'project'>) {
  const dismissed = useStackUi((state) => state.dismissedWarnings);
  // Where it stands moves with every line that is added above it.
  const key = [id, ...warnings.map(({ text }) => text)].join('\n');
  if (warnings.length === 0 || dismissed.has(key)) return null;
  return <LoadWarnings warnings={warnings} onDismiss={() => dismissWarnings(key)} />;
}
