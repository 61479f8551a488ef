import type { ReactNode } from 'react';
import classes from './page-header.module.css';

interface PageHeaderProps {
  readonly title: ReactNode;
  /** Chips right of the title. */
  readonly facts?: ReactNode;
  /** Buttons at the far end. */
  readonly actions?: ReactNode;
}

export function PageHeader({ title, facts, actions }: PageHeaderProps) {
  return (
    <header className={classes.header}>
      <h1 className={classes.title}>{title}</h1>
      <div className={classes.facts}>{facts}</div>
      <div className={classes.actions}>{actions}</div>
    </header>
  );
}
