import { Button, Loader, Modal } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorCard } from '../../errors/error-card.tsx';
import { useModelsSnapshot } from '../../rpc/mirrors.ts';
import { Tag } from '../../ui/tag.tsx';
import { ConfigErrorCard } from '../models/config-error-card.tsx';
import classes from './chat.module.css';

/** Says what kind of model answers, and offers the way on where that is not what one wants. */
export function ModelBanner() {
  const { t } = useTranslation('chat');
  const models = useModelsSnapshot();
  const serving = models?.serving;
  const [isChoosing, setIsChoosing] = useState(false);
  const choose = () => setIsChoosing(true);
  const isDemo = serving?.kind === 'ready' && serving.models.some((model) => model.demo);
  return (
    <>
      {isDemo && (
        <div className={classes.banner}>
          <Tag tone="warn">{t('demo.tag')}</Tag>
          <span className={classes.bannerText}>{t('demo.text')}</span>
          <Button size="compact-sm" onClick={choose}>
            {t('demo.action')}
          </Button>
        </div>
      )}
      {serving?.kind === 'loading' && (
        <div className={classes.banner} role="status">
          <Loader size={14} aria-hidden />
          <span className={classes.bannerText}>{t('loadingModel')}</span>
        </div>
      )}
      {serving?.kind === 'failed' && (
        <div className={classes.openError}>
          <ErrorCard
            compact
            error={serving.error}
            actions={
              <Button size="compact-sm" onClick={choose}>
                {t('modelFailed')}
              </Button>
            }
          />
        </div>
      )}
      {models?.configError && (
        <div className={classes.openError}>
          <ConfigErrorCard error={models.configError} />
        </div>
      )}
      <ModelDialog opened={isChoosing} onClose={() => setIsChoosing(false)} />
    </>
  );
}

const ModelSourcePanel = lazy(async () => {
  const { ModelSourcePanel: panel } = await import('../models/model-source-panel.tsx');
  return { default: panel };
});

export function ModelDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('chat');
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('model.title')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('actions.close', { ns: 'shell' }) }}
    >
      <Suspense fallback={<Loader size="sm" aria-label={t('loading', { ns: 'shell' })} />}>
        <ModelSourcePanel onChanged={onClose} />
      </Suspense>
    </Modal>
  );
}
