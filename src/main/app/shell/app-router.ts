import type { AppInfo } from '../../../shared/app/app-contract.ts';
import type { Logger } from '../../lifetime/logger.ts';
import { rpc } from '../../rpc/implementer.ts';
import type { AppEvents } from './app-events.ts';

export interface AppRouterDeps {
  readonly info: AppInfo;
  readonly events: AppEvents;
  readonly logger: Logger;
  setUnsaved(unsaved: boolean): void;
  confirmQuit(quit: boolean): void;
  openLogFolder(): Promise<void>;
}

export function createAppRouter(deps: AppRouterDeps) {
  return {
    getAppInfo: rpc.app.getAppInfo.handler(() => deps.info),
    events: rpc.app.events.handler(({ signal }) => deps.events.subscribe(signal)),
    setUnsaved: rpc.app.setUnsaved.handler(({ input }) => {
      deps.setUnsaved(input.unsaved);
      return {};
    }),
    confirmQuit: rpc.app.confirmQuit.handler(({ input }) => {
      deps.confirmQuit(input.quit);
      return {};
    }),
    reportFault: rpc.app.reportFault.handler(({ input }) => {
      deps.logger.error({ message: input.message, stack: input.stack }, 'fault in the window');
      return {};
    }),
    openLogFolder: rpc.app.openLogFolder.handler(async () => {
      await deps.openLogFolder();
      return {};
    }),
  };
}
