import { toAppError } from '../../../shared/errors/app-error.ts';
import type { StackEngine } from '../../engine/stack-engine.ts';
import type { Logger } from '../../lifetime/logger.ts';
import { type Panel, startsByItself } from '../../panel.ts';
import type { SettingsService } from '../../settings/settings-service.ts';
import type { AppEvents } from '../shell/app-events.ts';
import { chooseEngine, type EngineMakers } from './choose-engine.ts';

export interface EngineOptions {
  readonly bundleDir: string;
  readonly sandboxDir: string;
  readonly version: string;
  readonly logger: Logger;
}

/** Both engines, loaded when they are wanted: dockerode and its tree cost a start without Docker nothing. */
export function engineMakers(options: EngineOptions): EngineMakers {
  return {
    docker: async () => new (await import('../../engine/docker/docker-engine.ts')).DockerEngine(),
    sandbox: async (): Promise<StackEngine> =>
      new (await import('../../engine/sandbox/sandbox-engine.ts')).SandboxEngine({
        bundleDir: options.bundleDir,
        stateDir: options.sandboxDir,
        node: { path: process.execPath, env: { ELECTRON_RUN_AS_NODE: '1' } },
        version: options.version,
        logger: options.logger,
      }),
  };
}

/** Takes the engine that the person chooses in the settings, from then on. */
export function followEngineSetting(
  settings: SettingsService,
  panel: Panel,
  makers: EngineMakers,
  events: AppEvents,
): void {
  let current = settings.settings.engine;
  const change = async () => {
    await panel.stack.setEngine(await chooseEngine(settings.settings.engine, makers));
    if (startsByItself(panel.stack.engine, settings.settings)) panel.stack.start();
  };
  settings.onDidChange(({ engine }) => {
    if (engine === current) return;
    current = engine;
    change().catch((error: unknown) => events.send({ kind: 'fault', error: toAppError(error).toData() }));
  });
}
