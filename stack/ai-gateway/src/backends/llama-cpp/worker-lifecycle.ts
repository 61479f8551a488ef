import { InsufficientMemoryError } from 'node-llama-cpp';
import type { FromWorker } from './worker-protocol.ts';

const SMALLEST_STEP = 0.01;

/** Tells the progress of a load in steps of a hundredth; a large file is read in thousands of pieces. */
export function progressTeller(send: (message: FromWorker) => void): (progress: number) => void {
  let told = -1;
  return (progress) => {
    const bounded = Math.min(1, Math.max(0, progress));
    if (!(bounded - told >= SMALLEST_STEP)) return;
    told = bounded;
    send({ type: 'load-progress', progress: bounded });
  };
}

export function pong(count: number): FromWorker {
  const { system, user } = process.cpuUsage();
  return { type: 'pong', count, cpuMs: Math.round((system + user) / 1000) };
}

export function loadFailed(error: unknown): FromWorker {
  return {
    type: 'load-failed',
    message: error instanceof Error ? error.message : String(error),
    wantsMemory: error instanceof InsufficientMemoryError,
  };
}
