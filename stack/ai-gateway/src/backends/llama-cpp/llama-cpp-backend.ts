import path from 'node:path';
import type { GatewayModel } from '@skilldeck/agent-skills';
import type { LlamaCppBackendConfig } from '../../config/config-schema.ts';
import { GatewayError, toGatewayError } from '../../gateway-error.ts';
import type {
  ChatGeneration,
  EmbeddingGeneration,
  TextGeneration,
} from '../../pipeline/generation-request.ts';
import type { Backend, BackendAnswer, BackendCall, BackendState } from '../backend.ts';
import { findGgufFile, type GgufFile } from './gguf-file.ts';
import { chatWith, completeWith, countWith, embedWith, type LoadedModel } from './llama-inference.ts';
import { WorkerProcess } from './worker-process.ts';
import type { FromWorker } from './worker-protocol.ts';
import { WorkerReplies } from './worker-replies.ts';

export interface LlamaCppBackendOptions {
  readonly config: LlamaCppBackendConfig;
  readonly onState: () => void;
  readonly onLog: (level: 'warn' | 'error' | 'debug', message: string) => void;
}

/** A model this small is slowed down by a second thread and gains nothing from a GPU. */
const TINY_BYTES = 64 * 1024 * 1024;
const RESTART_FIRST_MS = 500;
const RESTART_MAX_MS = 30_000;
const RECHECK_FILE_MS = 2000;

/** A GGUF model in llama.cpp, run by a child process that is started again when it dies. */
export class LlamaCppBackend implements Backend {
  readonly kind = 'llama-cpp';
  readonly takesAnyModel = false;
  readonly name: string;
  readonly concurrency: number;
  readonly #options: LlamaCppBackendOptions;
  readonly #replies = new WorkerReplies();
  #worker: WorkerProcess | undefined;
  #state: BackendState;
  #model: GatewayModel | undefined;
  #file: GgufFile | undefined;
  #timer: NodeJS.Timeout | undefined;
  #restartMs = RESTART_FIRST_MS;
  /** The file that could not be loaded; the same bytes will not load better the next time. */
  #refusedStamp: string | undefined;
  #isDisposed = false;

  constructor(options: LlamaCppBackendOptions) {
    this.#options = options;
    this.name = options.config.name;
    this.concurrency = options.config.parallel;
    this.#state = { kind: 'loading', message: this.#loadingMessage };
    void this.#start();
  }

  get state(): BackendState {
    return this.#state;
  }

  get model(): GatewayModel | undefined {
    return this.#model;
  }

  get models(): readonly string[] {
    return this.#model === undefined ? [] : [this.#model.id];
  }

  /** Process id of the worker, while there is one. */
  get workerPid(): number | undefined {
    return this.#worker?.pid;
  }

  /** Name, size and times of the file: enough to tell another one from it. */
  digestOf(): string | undefined {
    return this.#file?.stamp;
  }

  chat(call: BackendCall<ChatGeneration>): Promise<BackendAnswer> {
    return this.#ask((model) => chatWith(model, call));
  }

  complete(call: BackendCall<TextGeneration>): Promise<BackendAnswer> {
    return this.#ask((model) => completeWith(model, call));
  }

  embed(call: BackendCall<EmbeddingGeneration>): Promise<BackendAnswer> {
    return this.#ask((model) => embedWith(model, call));
  }

  countTokens(text: string, signal: AbortSignal): Promise<number | undefined> {
    return this.#ask((model) => countWith(model, text, signal));
  }

  load(): Promise<void> {
    return Promise.reject(this.#cannot('load on request'));
  }

  unload(): Promise<void> {
    return Promise.reject(this.#cannot('unload on request'));
  }

  #cannot(what: string): GatewayError {
    return new GatewayError('unsupported', `The backend ${this.name} cannot ${what}.`);
  }

  async #ask<T>(ask: (model: LoadedModel) => Promise<T>): Promise<T> {
    const worker = this.#worker;
    if (worker === undefined || this.#state.kind !== 'ready') {
      throw this.#state.kind === 'unavailable'
        ? new GatewayError(this.#state.code, this.#state.message)
        : new GatewayError('model_loading', this.#loadingMessage);
    }
    const id = this.#model?.id ?? this.name;
    return await ask({ id, replies: this.#replies, send: (message) => worker.send(message) });
  }

  async dispose(): Promise<void> {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
    await this.#worker?.end();
  }

  get #loadingMessage(): string {
    return `The model ${path.basename(this.#options.config.modelPath)} is being loaded.`;
  }

  async #start(): Promise<void> {
    try {
      this.#file = await findGgufFile(this.#options.config.modelPath);
    } catch (error) {
      const failure = toGatewayError(error);
      this.#setState({ kind: 'unavailable', code: failure.code, message: failure.message });
      // The file may still arrive; looking for it costs next to nothing.
      this.#retryIn(RECHECK_FILE_MS);
      return;
    }
    if (this.#isDisposed) return;
    if (this.#file.stamp === this.#refusedStamp) {
      this.#retryIn(RECHECK_FILE_MS);
      return;
    }
    if (this.#refusedStamp !== undefined) this.#setState({ kind: 'loading', message: this.#loadingMessage });
    this.#refusedStamp = undefined;
    const isTiny = this.#file.bytes < TINY_BYTES;
    const { contextSize, parallel, threads = isTiny ? 1 : undefined } = this.#options.config;
    this.#worker = new WorkerProcess({
      onMessage: (message) => this.#handleMessage(message),
      onExit: ({ code, signal, detail }) => this.#handleExit(signal ?? `exit code ${code}`, detail),
    });
    this.#worker.send({
      type: 'load',
      modelPath: this.#file.path,
      contextSize,
      parallel,
      gpu: isTiny || /^(?:off|false|0|none)$/i.test(process.env.LLAMA_GPU ?? '') ? 'off' : 'auto',
      gpuLayers: 'auto',
      ...(threads === undefined ? {} : { threads }),
    });
  }

  #handleMessage(message: FromWorker): void {
    switch (message.type) {
      case 'ready': {
        const id = path.basename(this.#file?.path ?? this.name, '.gguf');
        const { name, contextSize } = message;
        const demo = message.demo || /^skilldeck-demo/.test(id);
        this.#model = { id, name, contextSize, ...(demo ? { demo } : {}) };
        this.#restartMs = RESTART_FIRST_MS;
        this.#setState({ kind: 'ready' });
        return;
      }
      case 'load-failed': {
        const sentence = `The model ${this.#file?.path ?? ''} could not be loaded: ${message.message}`;
        this.#setState({ kind: 'unavailable', code: 'model_load_failed', message: sentence });
        this.#refusedStamp = this.#file?.stamp;
        void this.#worker?.end();
        return;
      }
      case 'log':
        this.#options.onLog(message.level === 'error' ? 'warn' : 'debug', message.message);
        return;
      case 'load-progress':
      case 'pong':
        return;
      default:
        this.#replies.deliver(message);
    }
  }

  #handleExit(how: string, detail: string): void {
    this.#worker = undefined;
    if (this.#isDisposed) return;
    if (this.#refusedStamp !== undefined) {
      this.#retryIn(RECHECK_FILE_MS);
      return;
    }
    const sentence = `The process that runs the model ended unexpectedly (${how}); it is being started again.`;
    if (detail !== '') this.#options.onLog('error', detail);
    this.#setState({ kind: 'unavailable', code: 'worker_crashed', message: sentence });
    this.#replies.failAll(new GatewayError('worker_crashed', sentence));
    this.#retryIn(this.#restartMs);
    this.#restartMs = Math.min(this.#restartMs * 2, RESTART_MAX_MS);
  }

  #retryIn(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#isDisposed) return;
    this.#timer = setTimeout(() => void this.#start(), ms);
    this.#timer.unref();
  }

  #setState(state: BackendState): void {
    const changed = JSON.stringify(state) !== JSON.stringify(this.#state);
    this.#state = state;
    if (changed) this.#options.onState();
  }
}
