import { useEffect, useSyncExternalStore } from 'react';
import { useFeature } from '../../rpc/use-feature.ts';
import { createStatsHistory, type ServiceHistory, type StatsHistory } from './stats-history.ts';

export const useStatsHistory = (): StatsHistory => useFeature(createStatsHistory);

/** Measures while mounted, `active`, and the window is to be seen. */
export function useStatsWhileVisible(active: boolean): void {
  const history = useStatsHistory();
  useEffect(() => {
    if (!active) return;
    let release: (() => void) | undefined;
    const follow = () => {
      if (document.visibilityState === 'visible') release ??= history.retain();
      else {
        release?.();
        release = undefined;
      }
    };
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      release?.();
    };
  }, [history, active]);
}

/** The load of one service, again with each sample. */
export function useServiceHistory(service: string): ServiceHistory | undefined {
  const history = useStatsHistory();
  return useSyncExternalStore(history.onChange, () => history.read(service));
}
