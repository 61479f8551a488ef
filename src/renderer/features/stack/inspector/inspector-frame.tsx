import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { StatusDot, type Tone } from '../../../ui/status-dot.tsx';
import { selectNode, stackUiStore } from '../stack-ui-store.ts';
import classes from './inspector.module.css';

interface InspectorFrameProps {
  readonly name: string;
  readonly state: string;
  readonly tone: Tone;
  /** A menu at the top. */
  readonly menu?: ReactNode;
  /** Tags beside the state. */
  readonly marks?: ReactNode;
  readonly children: ReactNode;
}

const isOtherOpen = () =>
  stackUiStore.getState().dialog !== undefined || document.querySelector('[role="menu"]') !== null;

/** The right column: details of what is selected on the map. Escape closes it. */
export function InspectorFrame({ name, state, tone, menu, marks, children }: InspectorFrameProps) {
  const { t } = useTranslation('stack');
  useEffect(() => {
    const handleKey = (event: KeyboardEvent) => {
      // A dialog or a menu above it is closed first. It may have heard of the key already, and be gone: only the
      // way of the event still tells.
      const isCovered = event
        .composedPath()
        .some((part) => part instanceof Element && part.matches('[role="dialog"], [role="menu"]'));
      if (event.key === 'Escape' && !event.defaultPrevented && !isCovered && !isOtherOpen())
        selectNode(undefined);
    };
    document.addEventListener('keydown', handleKey);
    return () => document.removeEventListener('keydown', handleKey);
  }, []);
  return (
    <aside className={classes.inspector} aria-label={t('inspector.label', { name })}>
      <div className={classes.head}>
        <h2>{name}</h2>
        {menu}
        <ActionIcon aria-label={t('inspector.close')} onClick={() => selectNode(undefined)}>
          <IconX size={15} stroke={1.7} />
        </ActionIcon>
      </div>
      <p className={classes.state}>
        <StatusDot tone={tone} />
        {state}
        {marks}
      </p>
      {children}
    </aside>
  );
}
