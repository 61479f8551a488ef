import classes from './status-dot.module.css';

export type Tone = 'ok' | 'warn' | 'bad' | 'idle' | 'busy';

/** Colour is never the only sign: a text beside it says the same. */
export function StatusDot({ tone }: { tone: Tone }) {
  return <i className={classes.dot} data-tone={tone} aria-hidden />;
}
