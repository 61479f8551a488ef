import { Button, Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { UpstreamProbe } from '../../../shared/models/models-contract.ts';
import { ErrorCard } from '../../errors/error-card.tsx';
import { useClient } from '../../rpc/client-context.tsx';
import { useAction } from '../../rpc/use-action.ts';
import classes from './model-source-panel.module.css';
import type { SourceProps } from './model-source-panel.tsx';
import { SourceCard } from './source-card.tsx';

/** Looks only when asked: a panel that is merely open sends nothing. */
export function OllamaSource({ onChanged }: SourceProps) {
  const { t } = useTranslation('models');
  const client = useClient();
  const [probe, setProbe] = useState<UpstreamProbe>();
  const find = useAction(async () => setProbe(await client.models.findOllama({})), { onError: 'inline' });
  return (
    <SourceCard
      name={t('ollama.name')}
      text={probe?.kind === 'found' ? t('ollama.found', { url: probe.baseUrl }) : t('ollama.text')}
      isUsed={false}
      action={
        <Button loading={find.pending} onClick={() => void find.run()}>
          {probe ? t('ollama.again') : t('ollama.find')}
        </Button>
      }
    >
      {find.error && <ErrorCard error={find.error} compact />}
      {probe?.kind === 'not_found' && <ErrorCard error={probe.error} title={t('ollama.notFound')} compact />}
      {probe?.kind === 'found' && <FoundModels key={probe.baseUrl} probe={probe} onChanged={onChanged} />}
    </SourceCard>
  );
}

function FoundModels({ probe, onChanged }: SourceProps & { probe: UpstreamProbe & { kind: 'found' } }) {
  const { t } = useTranslation('models');
  const client = useClient();
  const [model, setModel] = useState(probe.models[0]);
  const use = useAction(
    async () => {
      if (model === undefined) return;
      await client.models.chooseUpstream({ baseUrl: probe.baseUrl, model });
      onChanged?.();
    },
    { onError: 'inline' },
  );
  if (probe.models.length === 0) return <p>{t('ollama.none')}</p>;
  return (
    <>
      <div className={classes.foot}>
        <Select
          flex={1}
          aria-label={t('ollama.model')}
          data={probe.models}
          value={model ?? null}
          allowDeselect={false}
          onChange={(value) => setModel(value ?? undefined)}
        />
        <Button variant="filled" loading={use.pending} onClick={() => void use.run()}>
          {t('use')}
        </Button>
      </div>
      {use.error && <ErrorCard error={use.error} compact />}
    </>
  );
}
