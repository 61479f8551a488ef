import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ErrorCard } from '../../errors/error-card.tsx';
import { useClient } from '../../rpc/client-context.tsx';
import { useModelsSnapshot } from '../../rpc/mirrors.ts';
import { useAction } from '../../rpc/use-action.ts';
import { ConfigErrorCard } from './config-error-card.tsx';
import classes from './model-source-panel.module.css';
import { OllamaSource } from './ollama-source.tsx';
import { SourceCard } from './source-card.tsx';
import { UpstreamSource } from './upstream-source.tsx';

/**
 * Chooses where answers come from: the demo model, Ollama on this machine, an OpenAI-compatible server, a GGUF file.
 *
 * `onChanged` is called when a source was taken, so that a dialog around it can close.
 */
export function ModelSourcePanel({ onChanged }: { onChanged?: () => void }) {
  const models = useModelsSnapshot();
  return (
    <div className={classes.panel}>
      {models?.configError && <ConfigErrorCard error={models.configError} />}
      {models?.serving.kind === 'failed' && <ErrorCard error={models.serving.error} compact />}
      <DemoSource isUsed={models?.source.kind === 'demo'} onChanged={onChanged} />
      <OllamaSource onChanged={onChanged} />
      <UpstreamSource source={models?.source} onChanged={onChanged} />
      <GgufSource
        fileName={models?.source.kind === 'gguf' ? models.source.fileName : undefined}
        onChanged={onChanged}
      />
    </div>
  );
}

export interface SourceProps {
  readonly onChanged: (() => void) | undefined;
}

function DemoSource({ isUsed, onChanged }: SourceProps & { isUsed: boolean }) {
  const { t } = useTranslation('models');
  const client = useClient();
  const { run, pending, error } = useAction(
    async () => {
      await client.models.chooseDemo({});
      onChanged?.();
    },
    { onError: 'inline' },
  );
  return (
    <SourceCard
      name={t('demo.name')}
      text={t('demo.text')}
      isUsed={isUsed}
      action={
        !isUsed && (
          <Button loading={pending} onClick={() => void run()}>
            {t('use')}
          </Button>
        )
      }
    >
      {error && <ErrorCard error={error} compact />}
    </SourceCard>
  );
}

function GgufSource({ fileName, onChanged }: SourceProps & { fileName: string | undefined }) {
  const { t } = useTranslation('models');
  const client = useClient();
  const { run, pending, error } = useAction(
    async () => {
      const { chosen } = await client.models.chooseGguf({});
      if (chosen) onChanged?.();
    },
    { onError: 'inline' },
  );
  return (
    <SourceCard
      name={t('gguf.name')}
      text={fileName ?? t('gguf.text')}
      isUsed={fileName !== undefined}
      action={
        <Button loading={pending} onClick={() => void run()}>
          {t('gguf.choose')}
        </Button>
      }
    >
      {error && <ErrorCard error={error} compact />}
    </SourceCard>
  );
}
