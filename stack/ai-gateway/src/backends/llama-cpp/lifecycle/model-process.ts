import path from 'node:path';
import type { LlamaCppBackendConfig } from '../../../config/backend-schema.ts';
import { type GatewayError, toGatewayError } from '../../../gateway-error.ts';
import { findGgufFile, type GgufFile } from '../gguf-file.ts';
import type { GpuReport } from '../lifecycle-protocol.ts';
import type { LoadedModel } from '../llama-inference.ts';
import type { FromWorker } from '../worker-protocol.ts';
import type { Clock } from './clock.ts';
import { IdleCountdown } from './idle-countdown.ts';
import { ModelChild } from './model-child.ts';
import { lost, notLoaded, unloaded } from './process-faults.ts';
import type { ProcessState } from './process-state.ts';
import { RestartPace } from './restart-pace.ts';
import { toLoadOrder } from './to-load-order.ts';

export interface ModelProcessOptions {
  /** Asked anew each time: what concerns patience may change. */
  readonly config: () => LlamaCppBackendConfig;
  readonly clock: Clock;
  readonly workerFile?: URL | undefined;
  /** Progress while loading is no change of state. */
  readonly onState: (state: ProcessState) => void;
  readonly onLog: (level: 'warn' | 'error' | 'debug', message: string) => void;
}

export interface LoadedFile {
  readonly file: GgufFile;
  readonly about: Extract<FromWorker, { type: 'ready' }> | undefined;
}

const RECHECK_FILE_MS = 2000;
/** Loading blocks the process for longer than answering does: drivers are started, files of gigabytes are opened. */
const LOADING_PATIENCE = 4;

/** One model in one process: started when it is wanted, ended when it is not, started again when it is lost. */
export class ModelProcess {
  readonly #options: ModelProcessOptions;
  readonly #pace = new RestartPace();
  readonly #idle: IdleCountdown;
  #state: ProcessState = { kind: 'sleeping' };
  #child: ModelChild | undefined;
  /** The former child, on its way out; there is never a second one beside it. */
  #ending: Promise<void> = Promise.resolve();
  #loaded: LoadedFile | undefined;
  #cancelTimer: () => void = () => undefined;
  /** Tells a start that was overtaken by an unload or another start. */
  #attempt = 0;
  #isDisposed = false;

  constructor(options: ModelProcessOptions) {
    this.#options = options;
    this.#idle = new IdleCountdown({
      clock: options.clock,
      limitMs: () => options.config().idleUnloadSeconds * 1000,
      onEnd: () => void this.sleep(),
    });
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
    return this.#pace.restarts;
  }

  get gpu(): GpuReport | undefined {
    return this.#state.kind === 'ready' ? this.#loaded?.about?.gpu : undefined;
  }

  /** How long until it is unloaded if nothing is asked. */
  get unloadsInMs(): number | undefined {
    return this.#idle.leftMs;
  }

  /** Begins to load unless it is loaded or being loaded. */
  start(): void {
    if (this.#isDisposed || this.#state.kind === 'ready' || this.#state.kind === 'loading') return;
    this.#setState({ kind: 'loading', progress: 0 });
    void this.#begin();
  }

  /** Starts it without the pause that former losses have earned it. */
  startAfresh(): void {
    this.#pace.reset();
    this.start();
  }

  /** The loaded model, to be asked; undefined while there is none. Does not wake it. */
  get model(): LoadedModel | undefined {
    if (this.#state.kind !== 'ready') return undefined;
    return this.#child?.model(path.basename(this.#loaded?.file.path ?? '', '.gguf'));
  }

  /** Ends the process, whatever it does. Resolves when its memory is free. */
  async sleep(): Promise<void> {
    this.#attempt += 1;
    this.#cancelTimer();
    this.#pace.reset();
    this.#dropChild(unloaded(this.modelFile));
    this.#setState({ kind: 'sleeping' });
    await this.#ending;
  }

  /** Takes new values of what concerns patience. */
  reconfigure(): void {
    this.#idle.adjust();
  }

  async dispose(): Promise<void> {
    this.#isDisposed = true;
    await this.sleep();
  }

  /** Name of the file for people. */
  get modelFile(): string {
    return path.basename(this.#loaded?.file.path ?? this.#options.config().modelPath);
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
        if (isBusy) this.#idle.stop();
        else this.#idle.begin();
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
        this.#pace.noteReady(this.#options.clock.now());
        this.#setState({ kind: 'ready' });
        this.#idle.begin();
        return;
      case 'load-failed': {
        const error = notLoaded(file.path, message.message);
        this.#dropChild(error);
        if (message.wantsMemory === true) this.#restartLater(error, this.#pace.longestMs);
        else this.#fail(error, file.stamp);
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
    const delayMs = this.#pace.nextDelayMs(clock.now());
    const error = lost(how, this.#state.kind === 'loading', delayMs);
    if (detail !== '') onLog('error', detail);
    this.#dropChild(error);
    this.#restartLater(error, delayMs);
  }

  #restartLater(error: GatewayError, delayMs: number): void {
    this.#setState({ kind: 'restarting', at: this.#options.clock.now() + delayMs, error });
    this.#later(delayMs, () => this.start());
  }

  #fail(error: GatewayError, refused: string | undefined): void {
    this.#setState({ kind: 'failed', error });
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

  #dropChild(error: GatewayError): void {
    const child = this.#child;
    this.#child = undefined;
    this.#idle.stop();
    if (child === undefined) return;
    child.failAll(error);
    const ended = Promise.all([this.#ending, child.end()]);
    this.#ending = ended.then(() => undefined);
  }

  #setState(state: ProcessState): void {
    const before = this.#state;
    const changed =
      state.kind !== before.kind ||
      ('error' in state && 'error' in before && state.error.message !== before.error.message);
    this.#state = state;
    if (changed) this.#options.onState(state);
  }
}
