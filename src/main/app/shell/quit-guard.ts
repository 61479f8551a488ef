import type { AppEvents } from './app-events.ts';

export interface QuitGuardDeps {
  readonly events: AppEvents;
  /** Brings the window to the front, so that the question is seen. */
  readonly showWindow: () => void;
  /** Ends everything in reverse order; the process is gone when it resolves. */
  readonly shutDown: () => Promise<void>;
}

/** Lets the app quit at once, or asks the window first when it holds text that is not saved. */
export class QuitGuard {
  readonly #deps: QuitGuardDeps;
  #unsaved = false;
  #ending = false;

  constructor(deps: QuitGuardDeps) {
    this.#deps = deps;
  }

  /** True from the moment that nothing can stop it any more. */
  get isEnding(): boolean {
    return this.#ending;
  }

  setUnsaved(unsaved: boolean): void {
    this.#unsaved = unsaved;
  }

  request(): void {
    if (this.#ending) return;
    if (!this.#unsaved) {
      this.end();
      return;
    }
    this.#deps.showWindow();
    this.#deps.events.send({ kind: 'quitRequested' });
  }

  answer(quit: boolean): void {
    if (quit) this.end();
  }

  /** Without asking: a signal, or the person's answer. */
  end(): void {
    if (this.#ending) return;
    this.#ending = true;
    void this.#deps.shutDown();
  }
}
