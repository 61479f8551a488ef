import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppErrorData } from '../../shared/errors/app-error.ts';
import classes from './error-card.module.css';
import { presentError } from './present-error.ts';

interface ErrorCardProps {
  readonly error: AppErrorData;
  /** Buttons that mend it. */
  readonly actions?: ReactNode;
  /** Output lines or anything else that shows why. */
  readonly children?: ReactNode;
  /** Replaces the code's own title where the place knows more. */
  readonly title?: string;
  readonly compact?: boolean;
}

/** An error where it happened: what, why, and the fix as a button. */
export function ErrorCard({ error, actions, children, title, compact = false }: ErrorCardProps) {
  const { t } = useTranslation('errors');
  const text = presentError(t, error);
  return (
    <div className={classes.card} data-compact={compact || undefined} role="alert">
      <IconAlertTriangle className={classes.icon} size={compact ? 16 : 18} stroke={1.7} aria-hidden />
      <div className={classes.body}>
        <p className={classes.title}>{title ?? text.title}</p>
        {text.detail && (
          <p className={classes.detail} lang={text.isDetailEnglish ? 'en' : undefined}>
            {text.detail}
          </p>
        )}
        <p className={classes.hint}>{text.hint}</p>
        {actions && <div className={classes.actions}>{actions}</div>}
        {children}
      </div>
    </div>
  );
}
