import type { OpenProjects } from '../projects/open-project.ts';
import { rpc } from '../rpc/implementer.ts';

export function createStatsRouter(projects: OpenProjects) {
  return {
    subscribe: rpc.stats.subscribe.handler(({ input, context, signal }) =>
      projects
        .get(input.projectId)
        .stats.subscribe(signal ? AbortSignal.any([context.signal, signal]) : context.signal),
    ),
  };
}
