import type { ReactNode } from 'react';
import classes from './settings-view.module.css';

interface SettingsSectionProps {
  readonly title: string;
  readonly intro?: string;
  /** Without a frame of its own: the content has one. */
  readonly plain?: boolean;
  readonly children: ReactNode;
}

export function SettingsSection({ title, intro, plain = false, children }: SettingsSectionProps) {
  return (
    <section className={classes.section} aria-label={title}>
      <h2>{title}</h2>
      {intro && <p className={classes.intro}>{intro}</p>}
      <div className={plain ? undefined : classes.frame}>{children}</div>
    </section>
  );
}

/** Label and hint on the left, the control on the right. */
export function SettingRow(props: { label: string; hint?: string; htmlFor?: string; children: ReactNode }) {
  return (
    <div className={classes.row}>
      <div className={classes.words}>
        <label htmlFor={props.htmlFor}>{props.label}</label>
        {props.hint && <p>{props.hint}</p>}
      </div>
      <div className={classes.control}>{props.children}</div>
    </div>
  );
}
