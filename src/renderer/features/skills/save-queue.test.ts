import { describe, expect, it } from 'vitest';
import { SaveQueue } from './save-queue.ts';

function createManualRuns() {
  const runs: { id: string; finish: () => void; fail: () => void }[] = [];
  const queue = new SaveQueue(
    (id) =>
      new Promise<void>((resolve, reject) => {
        runs.push({ id, finish: resolve, fail: () => reject(new Error('disk')) });
      }),
  );
  return { runs, queue };
}

describe('SaveQueue', () => {
  it('folds saves asked for during a save into one that runs after it', async () => {
    const { runs, queue } = createManualRuns();
    const first = queue.save('a');
    const second = queue.save('a');
    const third = queue.save('a');
    expect(third).toBe(second);
    expect(runs).toHaveLength(1);
    runs[0]?.finish();
    await first;
    await Promise.resolve();
    expect(runs).toHaveLength(2);
    expect(queue.isSaving('a')).toBe(true);
    runs[1]?.finish();
    await second;
    expect(queue.isSaving('a')).toBe(false);
  });

  it('saves different files side by side', () => {
    const { runs, queue } = createManualRuns();
    void queue.save('a');
    void queue.save('b');
    expect(runs.map((run) => run.id)).toEqual(['a', 'b']);
  });

  it('runs the waiting save although the first one failed', async () => {
    const { runs, queue } = createManualRuns();
    const first = queue.save('a');
    const second = queue.save('a');
    runs[0]?.fail();
    await expect(first).rejects.toThrow('disk');
    await Promise.resolve();
    runs[1]?.finish();
    await expect(second).resolves.toBeUndefined();
  });
});
