import { rpc } from '../rpc/implementer.ts';
import type { SettingsService } from './settings-service.ts';

export interface WorkspaceChooser {
  /** Asks in the system's dialog; true when the app is about to start again in another folder. */
  chooseWorkspace(): Promise<boolean>;
}

export function createSettingsRouter(service: SettingsService, chooser: WorkspaceChooser) {
  return {
    subscribe: rpc.settings.subscribe.handler(({ signal }) => service.subscribe(signal)),
    update: rpc.settings.update.handler(({ input }) => service.update(input)),
    chooseWorkspace: rpc.settings.chooseWorkspace.handler(async () => ({
      chosen: await chooser.chooseWorkspace(),
    })),
  };
}
