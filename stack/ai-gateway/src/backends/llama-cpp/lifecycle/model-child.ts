import type { GatewayError } from '../../../gateway-error.ts';
import type { LoadedModel } from '../llama-inference.ts';
import { WorkerProcess } from '../worker-process.ts';
import type { FromWorker, ToWorker } from '../worker-protocol.ts';
import { WorkerReplies } from '../worker-replies.ts';
import type { Clock } from './clock.ts';
import { Heartbeat } from './heartbeat.ts';

export interface ModelChildOptions {
  readonly clock: Clock;
  readonly workerFile?: URL | undefined;
  readonly hangMs: () => number;
  readonly stallMs: () => number;
  readonly onMessage: (message: FromWorker) => void;
  /** The last request has ended, or the first one has come. Not told of a child that is lost or told to end. */
  readonly onBusy: (isBusy: boolean) => void;
  /** Called once when it ended without being told to, or hangs and was killed for it; a clause like "exit code 1". */
  readonly onLost: (how: string, detail: string) => void;
}

/** One child process with what it was asked and has not answered yet. */
export class ModelChild {
  readonly #options: ModelChildOptions;
  readonly #process: WorkerProcess;
  readonly #heartbeat: Heartbeat;
  readonly #replies = new WorkerReplies();
  /** What it was asked and has not said the last word about. */
  readonly #open = new Set<string>();
  #held = 0;
  #isLost = false;

  constructor(options: ModelChildOptions) {
    this.#options = options;
    this.#process = new WorkerProcess({
      workerFile: options.workerFile,
      onMessage: (message) => this.#handleMessage(message),
      onExit: ({ code, detail, signal }) => this.#lose(signal ?? `exit code ${code}`, detail),
    });
    this.#heartbeat = new Heartbeat({
      clock: options.clock,
      ping: (count) => this.#process.send({ type: 'ping', count }),
      hangMs: options.hangMs,
      stallMs: options.stallMs,
      openRequests: () => this.#open.size,
      onHang: (sentence) => {
        this.#process.kill();
        this.#lose(`it ${sentence} and was killed`, '');
      },
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Requests that are not over, also while nothing is asked of it for one of them. */
  get openRequests(): number {
    return this.#held;
  }

  /** Whoever still writes to a child that is lost has been told, or will be when it reads on. */
  send(message: ToWorker): void {
    if (this.#isLost) return;
    if ('id' in message && message.type !== 'abort') this.#open.add(message.id);
    this.#process.send(message);
  }

  /** Keeps it in use for a request, until the answer is called. */
  hold(): () => void {
    this.#changeHeld(1);
    let isHeld = true;
    return () => {
      if (isHeld) this.#changeHeld(-1);
      isHeld = false;
    };
  }

  /** Its model under this name, to be asked. */
  model(id: string): LoadedModel {
    return { id, replies: this.#replies, send: (message) => this.send(message), hold: () => this.hold() };
  }

  failAll(error: GatewayError): void {
    this.#open.clear();
    this.#replies.failAll(error);
  }

  /** Ends it, by force when it does not hear. Resolves when it is gone. */
  async end(): Promise<void> {
    this.#isLost = true;
    this.#heartbeat.stop();
    await this.#process.end();
  }

  #handleMessage(message: FromWorker): void {
    if (this.#isLost) return;
    if (message.type === 'pong') {
      this.#heartbeat.handlePong(message.count, message.cpuMs);
      return;
    }
    if (!('id' in message)) {
      this.#options.onMessage(message);
      return;
    }
    this.#heartbeat.handleProgress();
    this.#replies.deliver(message);
    const isLast = message.type !== 'delta' && message.type !== 'call';
    if (isLast) this.#open.delete(message.id);
  }

  #changeHeld(by: 1 | -1): void {
    const wasBusy = this.#held > 0;
    this.#held += by;
    const isBusy = this.#held > 0;
    if (isBusy !== wasBusy && !this.#isLost) this.#options.onBusy(isBusy);
  }

  #lose(how: string, detail: string): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#heartbeat.stop();
    this.#options.onLost(how, detail);
  }
}
