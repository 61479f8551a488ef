import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ErrorCard } from '../../../errors/error-card.tsx';
import { useModelsSnapshot } from '../../../rpc/mirrors.ts';
import { navigate } from '../../../shell/ui-store.ts';
import { type Fact, Facts } from '../../../ui/facts.tsx';
import { modelText } from '../model-text.ts';
import classes from './inspector.module.css';
import { InspectorFrame } from './inspector-frame.tsx';

export function ModelInspector() {
  const { t } = useTranslation('stack');
  const models = useModelsSnapshot();
  const text = modelText(t, models);
  const serving = models?.serving;
  const served = serving?.kind === 'ready' ? serving.models : [];
  const facts: Fact[] = [
    ...(models ? [{ label: t('model.source'), value: t(`model.sourceKind.${models.source.kind}`) }] : []),
    ...served.flatMap((model) => [
      { label: t('model.serving'), value: model.id, mono: true },
      ...(model.contextSize === undefined
        ? []
        : [{ label: t('model.context'), value: t('model.tokens', { count: model.contextSize }) }]),
    ]),
  ];
  return (
    <InspectorFrame
      name={text.name}
      state={t(`model.${serving?.kind ?? 'gateway_not_running'}`)}
      tone={text.tone}
    >
      <div className={classes.buttons}>
        <Button onClick={() => navigate('settings')}>{t('model.change')}</Button>
      </div>
      {serving?.kind === 'failed' && <ErrorCard error={serving.error} compact />}
      <Facts facts={facts} />
    </InspectorFrame>
  );
}
