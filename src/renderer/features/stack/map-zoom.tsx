import { ActionIcon } from '@mantine/core';
import { IconFocusCentered, IconMinus, IconPlus } from '@tabler/icons-react';
import { useReactFlow } from '@xyflow/react';
import { useTranslation } from 'react-i18next';
import classes from './stack-map.module.css';

const ICON = { size: 14, stroke: 1.8, 'aria-hidden': true } as const;

/** For maps that do not fit: the wheel moves them, these make them larger and smaller. */
export function MapZoom({ onFit }: { onFit: () => void }) {
  const { t } = useTranslation('stack');
  const { zoomIn, zoomOut } = useReactFlow();
  return (
    <div className={classes.zoom}>
      <ActionIcon variant="default" size={26} aria-label={t('map.zoomOut')} onClick={() => void zoomOut()}>
        <IconMinus {...ICON} />
      </ActionIcon>
      <ActionIcon variant="default" size={26} aria-label={t('map.zoomIn')} onClick={() => void zoomIn()}>
        <IconPlus {...ICON} />
      </ActionIcon>
      <ActionIcon variant="default" size={26} aria-label={t('map.fit')} onClick={onFit}>
        <IconFocusCentered {...ICON} />
      </ActionIcon>
    </div>
  );
}
