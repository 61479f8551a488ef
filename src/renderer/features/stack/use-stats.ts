import { useEffect, useSyncExternalStore } from 'react';
import type { ServiceStats } from '../../../shared/stats/stats-contract.ts';
import { useProjectId } from '../../rpc/selected-project.ts';
import { useFeature } from '../../rpc/use-feature.ts';
import { createStatsHistories, type ServiceHistory, type StatsHistory } from './stats-history.ts';

/** Of the project that the window shows. */
export const useStatsHistory = (): StatsHistory => useFeature(createStatsHistories).of(useProjectId());

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

/** The load of any service, again with each sample. */
export function useLatestStats(): (service: string) => ServiceStats | undefined {
  const history = useStatsHistory();
  useSyncExternalStore(history.onChange, history.count);
  return (service) => history.read(service)?.latest;
}
