import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Tag } from '../../ui/tag.tsx';
import classes from './model-source-panel.module.css';

interface SourceCardProps {
  readonly name: string;
  readonly text: string;
  readonly isUsed: boolean;
  readonly action?: ReactNode;
  readonly children?: ReactNode;
}

export function SourceCard({ name, text, isUsed, action, children }: SourceCardProps) {
  const { t } = useTranslation('models');
  return (
    <section className={classes.card} aria-label={name} data-used={isUsed || undefined}>
      <div className={classes.head}>
        <div className={classes.words}>
          <h3>
            {name}
            {isUsed && <Tag tone="ok">{t('using')}</Tag>}
          </h3>
          <p>{text}</p>
        </div>
        {action}
      </div>
      {children && <div className={classes.form}>{children}</div>}
    </section>
  );
}
