/** Time as the life of a model's process needs it; tests turn it by hand. */
export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Runs it once, later; the answer takes it back. Does not keep the gateway running. */
  after(ms: number, run: () => void): () => void;
}

export const SYSTEM_CLOCK: Clock = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
