import type { TFunction } from 'i18next';
import type { ModelsSnapshot } from '../../../shared/models/models-contract.ts';
import type { Tone } from '../../ui/status-dot.tsx';

const TONES: Record<ModelsSnapshot['serving']['kind'], Tone> = {
  gateway_not_running: 'idle',
  loading: 'busy',
  ready: 'ok',
  failed: 'bad',
};

export interface ModelText {
  readonly name: string;
  readonly where: string;
  readonly model: string;
  readonly tone: Tone;
}

/** What the map says about where answers come from. */
export function modelText(t: TFunction<'stack'>, models: ModelsSnapshot | undefined): ModelText {
  if (!models) return { name: 'llama.cpp', where: t('map.local'), model: t('map.noModel'), tone: 'idle' };
  const { source, serving } = models;
  const served = serving.kind === 'ready' ? serving.models[0] : undefined;
  const tone = TONES[serving.kind];
  if (source.kind === 'upstream')
    return {
      name: hostOf(source.baseUrl),
      where: t('map.upstream'),
      model: source.model ?? served?.id ?? '',
      tone,
    };
  const model = source.kind === 'demo' ? t('map.demoModel') : source.fileName;
  return { name: 'llama.cpp', where: t('map.local'), model, tone };
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
