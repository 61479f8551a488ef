import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { askModel, endModels, startModel } from '../../../testing/start-model.ts';

afterEach(endModels);

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const step = fc.oneof(
  { weight: 4, arbitrary: fc.constant('ask' as const) },
  { weight: 2, arbitrary: fc.constant('ask-and-leave' as const) },
  fc.constantFrom('load' as const, 'unload' as const, 'force' as const, 'kill' as const, 'idle' as const),
);

test('whatever happens to it, there is one process at most, every request ends, and the next one is answered', async () => {
  const plans = fc.array(fc.tuple(step, fc.integer({ min: 0, max: 60 })), { minLength: 5, maxLength: 25 });
  const run = async (plan: readonly (readonly [string, number])[]) => {
    const { backend, config, is } = await startModel('late');
    const seen = new Set<number>();
    const watch = setInterval(() => {
      const { pid } = backend.processStatus;
      if (pid === undefined) return;
      for (const other of seen) if (other !== pid && isAlive(other)) crowded.push([other, pid]);
      seen.add(pid);
    }, 2);
    const crowded: [number, number][] = [];
    const ended: Promise<unknown>[] = [];
    const end = (work: Promise<unknown>) => ended.push(work.catch((error: { code?: string }) => error.code));
    /** Resolves when it has been noticed: what is asked of the process before that may still fail. */
    const kill = async () => {
      const { pid } = backend.processStatus;
      if (pid === undefined) return;
      process.kill(pid, 'SIGKILL');
      await vi.waitFor(() => expect(backend.processStatus.pid).not.toBe(pid), 5000);
    };
    try {
      for (const [what, ms] of plan) {
        if (what === 'ask') end(askModel(backend));
        if (what === 'ask-and-leave') {
          const leaver = new AbortController();
          end(askModel(backend, leaver.signal));
          setTimeout(() => leaver.abort({ code: 'left' }), ms / 2);
        }
        if (what === 'load') end(backend.load());
        if (what === 'unload') end(backend.unload());
        if (what === 'force') end(backend.unload(true));
        if (what === 'kill') end(kill());
        if (what === 'idle') {
          backend.reconfigure({ ...config, idleUnloadSeconds: 0.01 });
          setTimeout(() => backend.reconfigure(config), ms);
        }
        await pause(ms);
      }
      const outcomes = await Promise.all(ended);
      const codes = outcomes.filter((outcome) => typeof outcome === 'string');
      expect(
        codes.filter((code) => !['left', 'backend_busy', 'model_unloaded', 'worker_crashed'].includes(code)),
      ).toEqual([]);
      backend.reconfigure(config);
      await backend.load();
      await is('ready');
      expect(await askModel(backend)).toBe(backend.processStatus.pid);
      expect(backend.processStatus.openRequests).toBe(0);
      expect(crowded).toEqual([]);
    } finally {
      clearInterval(watch);
      await endModels();
    }
    expect([...seen].filter(isAlive)).toEqual([]);
  };
  await fc.assert(fc.asyncProperty(plans, run), { numRuns: 10, interruptAfterTimeLimit: 20_000 });
}, 60_000);
