import path from 'node:path';
import type { GatewayModel, ModelProcessStatus } from '@skilldeck/agent-skills';
import type { BackendConfig, LlamaCppBackendConfig } from '../../config/backend-schema.ts';
import type {
  ChatGeneration,
  EmbeddingGeneration,
  TextGeneration,
} from '../../pipeline/generation-request.ts';
import type { Backend, BackendAnswer, BackendCall, BackendState } from '../backend.ts';
import { type Clock, SYSTEM_CLOCK } from './lifecycle/clock.ts';
import { ModelAccess } from './lifecycle/model-access.ts';
import { ModelProcess } from './lifecycle/model-process.ts';
import { toBackendState } from './lifecycle/process-state.ts';
import { chatWith, completeWith, countWith, embedWith } from './llama-inference.ts';

export interface LlamaCppBackendOptions {
  readonly config: LlamaCppBackendConfig;
  readonly onState: () => void;
  readonly onLog: (level: 'warn' | 'error' | 'debug', message: string) => void;
  readonly clock?: Clock;
  /** Another program than the one that runs llama.cpp, for tests. */
  readonly workerFile?: URL;
}

/** A GGUF model in llama.cpp, run by a child process of its own. */
export class LlamaCppBackend implements Backend {
  readonly kind = 'llama-cpp';
  readonly takesAnyModel = false;
  readonly name: string;
  readonly concurrency: number;
  readonly #clock: Clock;
  readonly #process: ModelProcess;
  readonly #access: ModelAccess;
  #config: LlamaCppBackendConfig;
  /** Whoever hears of a state looks at this object, which is complete by then, and still there. */
  #isTold = false;

  constructor({ clock = SYSTEM_CLOCK, config, onLog, onState, workerFile }: LlamaCppBackendOptions) {
    this.#config = config;
    this.#clock = clock;
    this.name = config.name;
    this.concurrency = config.parallel;
    this.#process = new ModelProcess({
      config: () => this.#config,
      clock,
      workerFile,
      onState: (state) => {
        this.#access.handleState(state);
        if (this.#isTold) onState();
      },
      onLog,
    });
    this.#access = new ModelAccess({
      process: this.#process,
      clock,
      waitMs: () => this.#config.loadWaitSeconds * 1000,
    });
    this.#process.start();
    this.#isTold = true;
  }

  get state(): BackendState {
    const file = this.#process.loaded?.file.path ?? this.#config.modelPath;
    return toBackendState(this.#process.state, path.basename(file));
  }

  get model(): GatewayModel | undefined {
    const { loaded } = this.#process;
    if (loaded === undefined) return undefined;
    const id = path.basename(loaded.file.path, '.gguf');
    if (loaded.about === undefined) return { id, name: id };
    const { contextSize, name, parameters, tools } = loaded.about;
    const isDemo = loaded.about.demo || /^skilldeck-demo/.test(id);
    return { id, name, contextSize, tools, parameters, ...(isDemo ? { demo: true } : {}) };
  }

  get models(): readonly string[] {
    const { model } = this;
    return model === undefined ? [] : [model.id];
  }

  get processStatus(): ModelProcessStatus {
    const { gpu, openRequests, pid, restarts, state, unloadsInMs } = this.#process;
    return {
      state: state.kind,
      openRequests,
      ...(state.kind === 'loading' ? { progress: state.progress } : {}),
      ...(state.kind === 'restarting'
        ? { retryInMs: Math.max(0, Math.ceil(state.at - this.#clock.now())) }
        : {}),
      ...(restarts === 0 ? {} : { restarts }),
      ...(unloadsInMs === undefined ? {} : { unloadsInMs }),
      ...(pid === undefined ? {} : { pid }),
      ...(gpu === undefined ? {} : { gpu }),
    };
  }

  /** Name, size and times of the file: enough to tell another one from it. */
  digestOf(): string | undefined {
    return this.#process.loaded?.file.stamp;
  }

  async chat(call: BackendCall<ChatGeneration>): Promise<BackendAnswer> {
    return chatWith(await this.#access.model(call.signal), call);
  }

  async complete(call: BackendCall<TextGeneration>): Promise<BackendAnswer> {
    return completeWith(await this.#access.model(call.signal), call);
  }

  async embed(call: BackendCall<EmbeddingGeneration>): Promise<BackendAnswer> {
    return embedWith(await this.#access.model(call.signal), call);
  }

  /** A count is not worth a load. */
  async countTokens(text: string, signal: AbortSignal): Promise<number | undefined> {
    const { model } = this.#process;
    return model === undefined ? undefined : countWith(model, text, signal);
  }

  load(): Promise<void> {
    return this.#access.load();
  }

  unload(force = false): Promise<void> {
    return this.#access.unload(force);
  }

  reconfigure(config: BackendConfig): void {
    if (config.kind !== 'llama-cpp') return;
    this.#config = config;
    this.#process.reconfigure();
  }

  dispose(): Promise<void> {
    this.#isTold = false;
    return this.#process.dispose();
  }
}
