import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AppErrorData } from '../../shared/errors/app-error.ts';
import { readAppError } from './read-app-error.ts';

export type MirrorState<T> =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live'; readonly value: T }
  /** The subscription broke; `value` is the last one seen, and a new attempt is on its way. */
  | { readonly kind: 'failed'; readonly error: AppErrorData; readonly value?: T };

export interface Mirror<T> {
  readonly store: StoreApi<MirrorState<T>>;
  /** Keeps the subscription open until the returned function is called; the last one out ends it. */
  retain(): () => void;
}

export interface MirrorOptions<T> {
  open(signal: AbortSignal): Promise<AsyncIterable<T>>;
  /** Values that are not newer than the last one are dropped. */
  seqOf?: (value: T) => number;
  /** Wait before a new attempt; replaced in tests. */
  pause?: (signal: AbortSignal) => Promise<void>;
}

const RETRY_DELAY_MS = 1000;

/** A copy of a piece of main's state: subscribe, take what comes, never guess. */
export function createMirror<T>(options: MirrorOptions<T>): Mirror<T> {
  const store = createStore<MirrorState<T>>(() => ({ kind: 'connecting' }));
  const pause = options.pause ?? pauseFor(RETRY_DELAY_MS);
  let holders = 0;
  let running: AbortController | undefined;

  const follow = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      let seq = Number.NEGATIVE_INFINITY;
      try {
        for await (const value of await options.open(signal)) {
          if (signal.aborted) return;
          const next = options.seqOf?.(value) ?? seq + 1;
          if (options.seqOf && next <= seq) continue;
          seq = next;
          store.setState({ kind: 'live', value }, true);
        }
      } catch (error) {
        if (signal.aborted) return;
        store.setState(failedState(store.getState(), readAppError(error)), true);
      }
      await pause(signal);
    }
  };

  return {
    store,
    retain() {
      holders += 1;
      if (!running) {
        running = new AbortController();
        void follow(running.signal);
      }
      let released = false;
      return () => {
        if (released) return;
        released = true;
        holders -= 1;
        if (holders > 0) return;
        running?.abort();
        running = undefined;
      };
    },
  };
}

function failedState<T>(state: MirrorState<T>, error: AppErrorData): MirrorState<T> {
  if (state.kind === 'connecting' || state.value === undefined) return { kind: 'failed', error };
  return { kind: 'failed', error, value: state.value };
}

function pauseFor(ms: number) {
  return (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done, { once: true });
    });
}
