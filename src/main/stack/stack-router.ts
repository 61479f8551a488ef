import type { OpenProjects } from '../projects/open-project.ts';
import { rpc } from '../rpc/implementer.ts';

export function createStackRouter(projects: OpenProjects) {
  const stackOf = ({ projectId }: { readonly projectId: string }) => projects.get(projectId).stack;
  return {
    subscribe: rpc.stack.subscribe.handler(({ input, context, signal }) =>
      stackOf(input).subscribe(
        signal === undefined ? context.signal : AbortSignal.any([signal, context.signal]),
      ),
    ),
    plan: rpc.stack.plan.handler(({ input }) => stackOf(input).plan(input)),
    start: rpc.stack.start.handler(({ input }) => stackOf(input).start(input)),
    stop: rpc.stack.stop.handler(({ input }) => stackOf(input).stop(input)),
    restart: rpc.stack.restart.handler(({ input }) => stackOf(input).restart(input)),
    control: rpc.stack.control.handler(({ input }) => stackOf(input).control(input)),
    scale: rpc.stack.scale.handler(({ input }) => stackOf(input).scale(input)),
    pull: rpc.stack.pull.handler(({ input }) => stackOf(input).pull(input)),
    build: rpc.stack.build.handler(({ input }) => stackOf(input).build(input)),
    cancel: rpc.stack.cancel.handler(({ input }) => {
      stackOf(input).cancel(input.operationId);
      return {};
    }),
    runs: rpc.stack.runs.handler(({ input }) => stackOf(input).runs(input.limit)),
    reconnect: rpc.stack.reconnect.handler(({ input }) => {
      stackOf(input).reconnect();
      return {};
    }),
    openEndpoint: rpc.stack.openEndpoint.handler(async ({ input }) => {
      await stackOf(input).openEndpoint(input.id);
      return {};
    }),
    openWorkspace: rpc.stack.openWorkspace.handler(async ({ input }) => {
      await stackOf(input).openWorkspace();
      return {};
    }),
    moveBusyPort: rpc.stack.moveBusyPort.handler(({ input }) => stackOf(input).moveBusyPort(input.port)),
    config: rpc.stack.config.handler(async ({ input }) => ({ text: await stackOf(input).config() })),
    setProfile: rpc.stack.setProfile.handler(async ({ input }) => {
      await stackOf(input).setProfile(input.profile, input.active);
      return {};
    }),
    readServiceForm: rpc.stack.readServiceForm.handler(({ input }) =>
      stackOf(input).readServiceForm(input.service),
    ),
    writeServiceForm: rpc.stack.writeServiceForm.handler(({ input }) =>
      stackOf(input).writeServiceForm(input),
    ),
  };
}
