import { Button } from '@mantine/core';
import type { ModelProcessStatus } from '@skilldeck/agent-skills';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../rpc/client-context.tsx';
import { useAction } from '../../rpc/use-action.ts';
import { StatusDot, type Tone } from '../../ui/status-dot.tsx';
import { formatDuration } from './gateway-text.ts';

const TONES: Record<ModelProcessStatus['state'], Tone> = {
  ready: 'ok',
  loading: 'busy',
  sleeping: 'idle',
  restarting: 'warn',
  failed: 'bad',
};

/** How a model is that the gateway itself runs. */
export function ProcessState({ process }: { process: ModelProcessStatus }) {
  const { t } = useTranslation('gateway');
  const { progress = 0, retryInMs = 0, state } = process;
  return (
    <>
      <StatusDot tone={TONES[state]} />
      {t(`process.${state}`, {
        percent: Math.floor(progress * 100),
        seconds: Math.ceil(retryInMs / 1000),
      })}
    </>
  );
}

/** What happens to it next, if anything will. */
export function formatNext(
  t: TFunction<'gateway'>,
  process: ModelProcessStatus | undefined,
): string | undefined {
  if (process?.state === 'sleeping') return t('process.wakes');
  if (process?.unloadsInMs === undefined) return undefined;
  return t('process.unloads', { time: formatDuration(process.unloadsInMs) });
}

/** Loads the model, or gives its memory back; the next request loads it again. */
export function ProcessButton({ name, process }: { name: string; process: ModelProcessStatus }) {
  const { t } = useTranslation('gateway');
  const client = useClient();
  const load = useAction(() => client.gateway.loadBackend({ backend: name }));
  const unload = useAction(() => client.gateway.unloadBackend({ backend: name }));
  const isUp = process.state === 'ready' || process.state === 'loading';
  const isBusy = process.openRequests > 0;
  const action = isUp ? unload : load;
  return (
    <Button
      size="compact-xs"
      variant="default"
      aria-label={t(isUp ? 'process.unloadOne' : 'process.loadOne', { name })}
      title={isUp && isBusy ? t('process.busy') : undefined}
      disabled={isUp && isBusy}
      loading={action.pending}
      onClick={() => void action.run()}
    >
      {t(isUp ? 'process.unload' : 'process.load')}
    </Button>
  );
}

/** Where it runs: on the CPU, or with so many layers on a GPU. */
export function formatPlace(
  t: TFunction<'gateway'>,
  process: ModelProcessStatus | undefined,
): { readonly text: string; readonly title: string } | undefined {
  const gpu = process?.gpu;
  if (gpu === undefined) return undefined;
  const offered = gpu.offered.length === 0 ? t('process.none') : gpu.offered.join(', ');
  const text =
    gpu.used === 'off'
      ? t('process.cpu')
      : t('process.gpu', { gpu: gpu.used, layers: gpu.layers, total: gpu.totalLayers });
  return { text, title: [...gpu.devices, t('process.devices', { offered })].join('\n') };
}
