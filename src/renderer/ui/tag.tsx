import type { ReactNode } from 'react';
import classes from './tag.module.css';

export type TagTone = 'ok' | 'warn' | 'bad' | 'accent' | 'plain';

/** One word on a coloured ground: create, recreate, error, demo. */
export function Tag({ tone = 'plain', children }: { tone?: TagTone; children: ReactNode }) {
  return (
    <span className={classes.tag} data-tone={tone}>
      {children}
    </span>
  );
}
