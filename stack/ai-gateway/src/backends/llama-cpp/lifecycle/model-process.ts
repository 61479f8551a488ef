import path from 'node:path';
import type { LlamaCppBackendConfig } from '../../../config/config-schema.ts';
import { GatewayError, toGatewayError } from '../../../gateway-error.ts';
import { findGgufFile, type GgufFile } from '../gguf-file.ts';
import type { GpuReport } from '../lifecycle-protocol.ts';
import type { LoadedModel } from '../llama-inference.ts';
import type { FromWorker } from '../worker-protocol.ts';
import type { Clock } from './clock.ts';
import { ModelChild } from './model-child.ts';
import { loadingSentence, type ProcessState } from './process-state.ts';
import { toLoadOrder } from './to-load-order.ts';
import { WaitingRoom } from './waiting-room.ts';

export interface ModelProcessOptions {
  /** Asked anew each time: what concerns patience may change. */
  readonly config: () => LlamaCppBackendConfig;
  readonly clock: Clock;
  readonly workerFile?: URL | undefined;
  /** Progress while loading is no change of state. */
  readonly onState: () => void;
  readonly onLog: (level: 'warn' | 'error' | 'debug', message: string) => void;
}

export interface LoadedFile {
  readonly file: GgufFile;
  readonly about: Extract<FromWorker, { type: 'ready' }> | undefined;
}

const RESTART_FIRST_MS = 500;
const RESTART_MAX_MS = 30_000;
/** After so long it has run well, and the next end is not one of a row. */
const WELL_AFTER_MS = 60_000;
const RECHECK_FILE_MS = 2000;
/** Loading blocks the process for longer than answering does: drivers are started, files of gigabytes are opened. */
const LOADING_PATIENCE = 4;
const RETRY_LOADING_SECONDS = 5;
const NO_MEMORY_HINT =
  'The system may have ended it for want of memory: choose a smaller model, or a lower contextSize or parallel.';

/** One model in one process: loads it when it is wanted, gives it back when it is not, starts it again when it is lost. */
export class ModelProcess {
  readonly #options: ModelProcessOptions;
  readonly #waiting = new WaitingRoom<void>();
  #state: ProcessState = { kind: 'sleeping' };
  #child: ModelChild | undefined;
  /** The former child, on its way out; there is never a second one beside it. */
  #ending: Promise<void> = Promise.resolve();
  #loaded: LoadedFile | undefined;
  #cancelTimer: () => void = () => undefined;
  #cancelIdle: () => void = () => undefined;
  #idleSince = 0;
  #readySince = 0;
  #restarts = 0;
  /** Tells a start that was overtaken by an unload or another start. */
  #attempt = 0;
  #isDisposed = false;

  constructor(options: ModelProcessOptions) {
    this.#options = options;
  }

  get state(): ProcessState {
    return this.#state;
  }

  /** What was loaded last, also while it sleeps. */
  get loaded(): LoadedFile | undefined {
    return this.#loaded;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get openRequests(): number {
    return this.#child?.openRequests ?? 0;
  }

  /** Restarts in a row. */
  get restarts(): number {
    return this.#restarts;
  }

  get gpu(): GpuReport | undefined {
    return this.#state.kind === 'ready' ? this.#loaded?.about?.gpu : undefined;
  }

  /** How long until it is unloaded if nothing is asked. */
  get unloadsInMs(): number | undefined {
    const idleMs = this.#idleMs;
    if (this.#state.kind !== 'ready' || idleMs === 0 || this.openRequests > 0) return undefined;
    return Math.max(0, Math.ceil(this.#idleSince + idleMs - this.#options.clock.now()));
  }

  /** Begins to load unless it is loaded or being loaded. */
  start(): void {
    if (this.#state.kind === 'ready' || this.#state.kind === 'loading') return;
    this.#setState({ kind: 'loading', progress: 0 });
    void this.#begin();
  }

  /**
   * The model, loaded. All who ask while it is being loaded wait for the same process, each as long as it may.
   *
   * @throws {GatewayError} `model_loading` when the wait was too long, or why it cannot be loaded
   */
  async ready(signal: AbortSignal): Promise<LoadedModel> {
    signal.throwIfAborted();
    const limitMs = this.#options.config().loadWaitSeconds * 1000;
    await this.#untilReady(limitMs, signal);
    return this.#model();
  }

  /** The model if it is loaded now; does not wake it. */
  awake(): LoadedModel | undefined {
    return this.#state.kind === 'ready' ? this.#model() : undefined;
  }

  /** Loads it now, also when its last attempt failed. Resolves when it is ready. */
  async load(): Promise<void> {
    this.#restarts = 0;
    this.start();
    await this.#untilReady(Number.POSITIVE_INFINITY, undefined);
  }

  /**
   * Ends the process; the next request starts it again. Resolves when its memory is free.
   *
   * @param force also while requests are answered; they end with an error
   */
  async unload(force: boolean): Promise<void> {
    const open = this.openRequests + (this.#state.kind === 'loading' ? this.#waiting.size : 0);
    if (open > 0 && !force) {
      throw new GatewayError(
        'backend_busy',
        `The model is in use (${open} request${open === 1 ? '' : 's'}).`,
        {
          hint: 'Wait for their end, or unload it by force.',
        },
      );
    }
    await this.#sleep();
  }

  /** Takes new values of what concerns patience. */
  reconfigure(): void {
    if (this.#state.kind === 'ready' && this.openRequests === 0) this.#armIdle();
  }

  async dispose(): Promise<void> {
    this.#isDisposed = true;
    await this.#sleep();
  }

  get #idleMs(): number {
    return this.#options.config().idleUnloadSeconds * 1000;
  }

  get #modelFile(): string {
    return path.basename(this.#loaded?.file.path ?? this.#options.config().modelPath);
  }

  #model(): LoadedModel {
    const child = this.#child;
    if (child === undefined) throw new GatewayError('model_loading', loadingSentence(this.#modelFile, 0));
    return child.model(path.basename(this.#loaded?.file.path ?? '', '.gguf'));
  }

  #untilReady(limitMs: number, signal: AbortSignal | undefined): Promise<void> {
    const state = this.#state;
    switch (state.kind) {
      case 'ready':
        return Promise.resolve();
      case 'restarting':
      case 'failed':
        return Promise.reject(state.error);
      case 'sleeping':
      case 'loading':
        if (this.#isDisposed) return Promise.reject(this.#unloaded());
        this.start();
        return this.#waiting.wait({
          clock: this.#options.clock,
          signal,
          limitMs,
          onLimit: () =>
            new GatewayError('model_loading', loadingSentence(this.#modelFile, this.#progress), {
              retryAfterSeconds: RETRY_LOADING_SECONDS,
            }),
        });
    }
  }

  get #progress(): number {
    return this.#state.kind === 'loading' ? this.#state.progress : 0;
  }

  /** @param refused what could not be loaded the last time: the same bytes will not load better now */
  async #begin(refused?: string): Promise<void> {
    this.#cancelTimer();
    this.#attempt += 1;
    const attempt = this.#attempt;
    const isOvertaken = (): boolean => this.#isDisposed || attempt !== this.#attempt;
    let file: GgufFile;
    try {
      file = await findGgufFile(this.#options.config().modelPath);
    } catch (error) {
      if (!isOvertaken()) this.#fail(toGatewayError(error), undefined);
      return;
    }
    if (isOvertaken()) return;
    if (file.stamp === refused) {
      this.#recheckLater(refused);
      return;
    }
    await this.#ending;
    if (isOvertaken()) return;
    this.#loaded = { file, about: this.#loaded?.file.stamp === file.stamp ? this.#loaded.about : undefined };
    this.#setState({ kind: 'loading', progress: 0 });
    this.#child = this.#fork(file);
  }

  #fork(file: GgufFile): ModelChild {
    const { clock, config, workerFile } = this.#options;
    const patience = (): number => (this.#state.kind === 'loading' ? LOADING_PATIENCE : 1);
    const child: ModelChild = new ModelChild({
      clock,
      workerFile,
      hangMs: () => config().hangSeconds * 1000 * patience(),
      stallMs: () => config().stallSeconds * 1000,
      onMessage: (message) => this.#handleMessage(child, file, message),
      onBusy: (isBusy) => {
        if (isBusy) this.#cancelIdle();
        else this.#armIdle(clock.now());
      },
      onLost: (how, detail) => this.#handleLost(child, how, detail),
    });
    child.send(toLoadOrder(config(), file));
    return child;
  }

  #handleMessage(child: ModelChild, file: GgufFile, message: FromWorker): void {
    if (child !== this.#child) return;
    switch (message.type) {
      case 'load-progress':
        if (this.#state.kind === 'loading') this.#state = { kind: 'loading', progress: message.progress };
        return;
      case 'ready':
        this.#loaded = { file, about: message };
        this.#readySince = this.#options.clock.now();
        this.#setState({ kind: 'ready' });
        this.#waiting.resolveAll();
        this.#armIdle(this.#readySince);
        return;
      case 'load-failed': {
        const sentence = `The model ${file.path} could not be loaded: ${message.message}`;
        this.#dropChild();
        if (message.wantsMemory === true)
          this.#restartLater(new GatewayError('model_load_failed', sentence), RESTART_MAX_MS);
        else this.#fail(new GatewayError('model_load_failed', sentence), file.stamp);
        return;
      }
      case 'log':
        this.#options.onLog(message.level === 'error' ? 'warn' : 'debug', message.message);
        return;
      default:
        return;
    }
  }

  #handleLost(child: ModelChild, how: string, detail: string): void {
    if (child !== this.#child) return;
    const { clock, onLog } = this.#options;
    const wasLoading = this.#state.kind === 'loading';
    const ranWell = this.#state.kind === 'ready' && clock.now() - this.#readySince >= WELL_AFTER_MS;
    this.#restarts = ranWell ? 1 : this.#restarts + 1;
    const delayMs = Math.min(RESTART_FIRST_MS * 2 ** (this.#restarts - 1), RESTART_MAX_MS);
    const error = new GatewayError(
      'worker_crashed',
      `The process that runs the model ended unexpectedly (${how}); it is being started again.`,
      {
        retryAfterSeconds: Math.ceil(delayMs / 1000),
        ...(wasLoading && how === 'SIGKILL' ? { hint: NO_MEMORY_HINT } : {}),
      },
    );
    if (detail !== '') onLog('error', detail);
    this.#dropChild(error);
    this.#restartLater(error, delayMs);
  }

  #restartLater(error: GatewayError, delayMs: number): void {
    this.#setState({ kind: 'restarting', at: this.#options.clock.now() + delayMs, error });
    this.#waiting.rejectAll(error);
    this.#later(delayMs, () => this.start());
  }

  #fail(error: GatewayError, refused: string | undefined): void {
    this.#setState({ kind: 'failed', error });
    this.#waiting.rejectAll(error);
    this.#recheckLater(refused);
  }

  /** The file may still arrive, or be replaced; looking for it costs next to nothing. */
  #recheckLater(refused: string | undefined): void {
    this.#later(RECHECK_FILE_MS, () => void this.#begin(refused));
  }

  #later(ms: number, run: () => void): void {
    this.#cancelTimer();
    if (!this.#isDisposed) this.#cancelTimer = this.#options.clock.after(ms, run);
  }

  #armIdle(since = this.#idleSince): void {
    this.#cancelIdle();
    this.#idleSince = since;
    const { clock } = this.#options;
    if (this.#idleMs === 0 || this.#state.kind !== 'ready') return;
    const leftMs = Math.max(0, since + this.#idleMs - clock.now());
    this.#cancelIdle = clock.after(leftMs, () => {
      if (this.#state.kind === 'ready' && this.openRequests === 0) void this.#sleep();
    });
  }

  async #sleep(): Promise<void> {
    this.#attempt += 1;
    this.#cancelTimer();
    this.#restarts = 0;
    const error = this.#unloaded();
    this.#dropChild(error);
    this.#setState({ kind: 'sleeping' });
    this.#waiting.rejectAll(error);
    await this.#ending;
  }

  #unloaded(): GatewayError {
    return new GatewayError('model_unloaded', `The model ${this.#modelFile} was unloaded.`);
  }

  #dropChild(error?: GatewayError): void {
    const child = this.#child;
    this.#child = undefined;
    this.#cancelIdle();
    if (child === undefined) return;
    if (error !== undefined) child.failAll(error);
    const ended = Promise.all([this.#ending, child.end()]);
    this.#ending = ended.then(() => undefined);
  }

  #setState(state: ProcessState): void {
    const before = this.#state;
    const changed =
      state.kind !== before.kind ||
      ('error' in state && 'error' in before && state.error.message !== before.error.message);
    this.#state = state;
    if (changed && !this.#isDisposed) this.#options.onState();
  }
}
