import { rpc } from '../rpc/implementer.ts';
import type { ProjectsService } from './projects-service.ts';

export function createProjectsRouter(projects: ProjectsService) {
  return {
    subscribe: rpc.projects.subscribe.handler(({ context, signal }) =>
      projects.subscribe(signal === undefined ? context.signal : AbortSignal.any([signal, context.signal])),
    ),
    open: rpc.projects.open.handler(({ input }) => projects.openChosen(input.choose)),
    openFound: rpc.projects.openFound.handler(async ({ input }) => ({
      projectId: await projects.openFound(input.projectId),
    })),
    close: rpc.projects.close.handler(async ({ input }) => {
      await projects.close(input.projectId);
      return {};
    }),
    contexts: rpc.projects.contexts.handler(() => projects.contexts()),
    useContext: rpc.projects.useContext.handler(async ({ input }) => {
      await projects.useContext(input.name);
      return {};
    }),
  };
}
