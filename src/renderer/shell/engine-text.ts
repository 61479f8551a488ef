import type { TFunction } from 'i18next';
import { assertNever } from '../../shared/assert-never.ts';
import type { EngineStatus, StackState } from '../../shared/stack/stack-snapshot.ts';
import type { Tone } from '../ui/status-dot.tsx';

export function engineText(t: TFunction<'shell'>, status: EngineStatus): string {
  const engine = t(`engine.${status.engine}`);
  switch (status.kind) {
    case 'connecting':
      return t('engine.connecting', { engine });
    case 'unavailable':
      return t('engine.unavailable', { engine });
    case 'connected': {
      const where = ['local', 'default'].includes(status.context) ? t('engine.local') : status.context;
      return t('engine.connected', { engine, where });
    }
    default:
      return assertNever(status);
  }
}

const ENGINE_TONES = { connecting: 'busy', connected: 'ok', unavailable: 'bad' } as const;
export const engineTone = (status: EngineStatus): Tone => ENGINE_TONES[status.kind];

const STATE_TONES: Record<StackState, Tone> = {
  unknown: 'idle',
  stopped: 'idle',
  starting: 'busy',
  running: 'ok',
  degraded: 'warn',
  stopping: 'busy',
  failed: 'bad',
};
export const stateTone = (state: StackState): Tone => STATE_TONES[state];
