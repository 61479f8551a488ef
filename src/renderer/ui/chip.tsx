import type { ReactNode } from 'react';
import classes from './chip.module.css';
import { StatusDot, type Tone } from './status-dot.tsx';

interface ChipProps {
  readonly tone?: Tone;
  readonly title?: string;
  readonly onClick?: () => void;
  readonly children: ReactNode;
}

/** A short fact in a pill, with a dot where it has a state; a button when it does something. */
export function Chip({ tone, title, onClick, children }: ChipProps) {
  const content = (
    <>
      {tone && <StatusDot tone={tone} />}
      <span className={classes.text}>{children}</span>
    </>
  );
  if (onClick)
    return (
      <button type="button" className={classes.chip} title={title} onClick={onClick}>
        {content}
      </button>
    );
  return (
    <span className={classes.chip} title={title}>
      {content}
    </span>
  );
}
