import type { Clock } from './clock.ts';

export interface IdleCountdownOptions {
  readonly clock: Clock;
  /** 0: never. Asked when it begins and when it may have changed. */
  readonly limitMs: () => number;
  readonly onEnd: () => void;
}

/** Ends when nothing was asked for so long. */
export class IdleCountdown {
  readonly #options: IdleCountdownOptions;
  #cancel: () => void = () => undefined;
  #since: number | undefined;

  constructor(options: IdleCountdownOptions) {
    this.#options = options;
  }

  /** Undefined while it does not run. */
  get leftMs(): number | undefined {
    const { clock, limitMs } = this.#options;
    if (this.#since === undefined || limitMs() === 0) return undefined;
    return Math.max(0, Math.ceil(this.#since + limitMs() - clock.now()));
  }

  /** Nothing is asked from now on. */
  begin(): void {
    this.#since = this.#options.clock.now();
    this.adjust();
  }

  /** Goes on with the limit that holds now. */
  adjust(): void {
    this.#cancel();
    const { leftMs } = this;
    if (leftMs === undefined) return;
    this.#cancel = this.#options.clock.after(leftMs, () => {
      this.#since = undefined;
      this.#options.onEnd();
    });
  }

  stop(): void {
    this.#cancel();
    this.#since = undefined;
  }
}
