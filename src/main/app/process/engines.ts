import { AppError, toAppError } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import type { Settings } from '../../../shared/settings/settings-contract.ts';
import type { DockerContext } from '../../../shared/stack/projects-contract.ts';
import type { StackEngine } from '../../engine/stack-engine.ts';
import type { Logger } from '../../lifetime/logger.ts';
import { type Panel, startsByItself } from '../../panel.ts';
import type { ContextChoice } from '../../projects/projects-service.ts';
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
    docker: async (context) => {
      const { DockerEngine } = await import('../../engine/docker/docker-engine.ts');
      return new DockerEngine(context === undefined ? {} : { context });
    },
    sandbox: async (): Promise<StackEngine> =>
      new (await import('../../engine/sandbox/sandbox-engine.ts')).SandboxEngine({
        bundleDir: options.bundleDir,
        stateDir: options.sandboxDir,
        node: { path: process.execPath, env: { ELECTRON_RUN_AS_NODE: '1' } },
        version: options.version,
        logger: options.logger,
      }),
    contexts: async (chosen) => {
      const [{ listDockerContexts }, { readHostFacts }] = await Promise.all([
        import('../../engine/docker/docker-contexts.ts'),
        import('../../engine/docker/host-facts.ts'),
      ]);
      return listDockerContexts(readHostFacts(), chosen);
    },
  };
}

export interface EngineChoiceDeps {
  readonly settings: Pick<SettingsService, 'settings' | 'update' | 'onDidChange'>;
  readonly makers: EngineMakers;
  readonly events: Pick<AppEvents, 'send'>;
}

/** The engine that the settings name: which kind, and of Docker's contexts which one. */
export class EngineChoice implements ContextChoice {
  readonly #deps: EngineChoiceDeps;
  #panel: Pick<Panel, 'hub' | 'stack'> | undefined;
  #current = '';
  /** Two changes at once would leave two engines. */
  #changing: Promise<void> = Promise.resolve();

  constructor(deps: EngineChoiceDeps) {
    this.#deps = deps;
  }

  /** @param named on the command line, for this start only. */
  first(named: Settings['engine'] | undefined): Promise<StackEngine> {
    this.#current = this.#wanted();
    return this.#make(named ?? this.#deps.settings.settings.engine);
  }

  /** Takes the engine that the person chooses in the settings, from then on. */
  follow(panel: Pick<Panel, 'hub' | 'stack'>): void {
    this.#panel = panel;
    const { events, settings } = this.#deps;
    settings.onDidChange(() => {
      this.#change().catch((error: unknown) =>
        events.send({ kind: 'fault', error: toAppError(error).toData() }),
      );
    });
  }

  async list(): Promise<readonly DockerContext[]> {
    return this.#deps.makers.contexts(this.#deps.settings.settings.dockerContext);
  }

  /** @throws AppError `context.unknown`, `invalid_input` where the environment decides, `operation.busy` */
  async use(name: string): Promise<void> {
    const contexts = await this.list();
    if (!contexts.some((context) => context.name === name))
      throw new AppError('context.unknown', phrase('no_context', { context: name }), {
        params: { context: name },
      });
    if (contexts.some((context) => context.fixed))
      throw new AppError('invalid_input', phrase('context_fixed'), {
        hint: 'Start Skilldeck without them to choose here.',
        params: { context: name },
      });
    this.#panel?.hub.requireIdle();
    // Not `auto`: who names an engine gets that one, or hears why not.
    await this.#deps.settings.update({ dockerContext: name, engine: 'docker' });
    await this.#changing;
  }

  #wanted(): string {
    const { dockerContext = '', engine } = this.#deps.settings.settings;
    return `${engine} ${dockerContext}`;
  }

  #change(): Promise<void> {
    const wanted = this.#wanted();
    if (wanted === this.#current) return Promise.resolve();
    this.#current = wanted;
    this.#changing = this.#changing.catch(() => {}).then(() => this.#switch());
    return this.#changing;
  }

  async #switch(): Promise<void> {
    const { settings } = this.#deps;
    const panel = this.#panel;
    if (panel === undefined) return;
    panel.hub.requireIdle();
    await panel.hub.use(await this.#make(settings.settings.engine));
    await panel.stack.reloadProject();
    if (startsByItself(panel.stack.engine, settings.settings)) panel.stack.start();
  }

  #make(kind: Settings['engine']): Promise<StackEngine> {
    const { makers, settings } = this.#deps;
    return chooseEngine(kind, {
      ...makers,
      docker: () => makers.docker(settings.settings.dockerContext),
    });
  }
}
