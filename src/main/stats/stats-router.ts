import { rpc } from '../rpc/implementer.ts';
import type { StatsService } from './stats-service.ts';

export function createStatsRouter(service: StatsService) {
  return {
    subscribe: rpc.stats.subscribe.handler(({ context, signal }) =>
      service.subscribe(signal ? AbortSignal.any([context.signal, signal]) : context.signal),
    ),
  };
}
