import { describe, expect, it, vi } from 'vitest';
import { Disposables } from './disposables.ts';

describe('Disposables', () => {
  it('ends things in reverse order of their making', async () => {
    const ended: string[] = [];
    const disposables = new Disposables();
    for (const name of ['engine', 'services', 'window']) disposables.add(name, () => void ended.push(name));
    await disposables.dispose();
    expect(ended).toEqual(['window', 'services', 'engine']);
  });

  it('goes on when one fails, and names it', async () => {
    const failures: string[] = [];
    const ended = vi.fn();
    const disposables = new Disposables((name) => failures.push(name));
    disposables.add('first', ended);
    disposables.add('broken', () => Promise.reject(new Error('no')));
    await disposables.dispose();
    expect(failures).toEqual(['broken']);
    expect(ended).toHaveBeenCalledOnce();
  });

  it('does not wait for ever for one that hangs', async () => {
    vi.useFakeTimers();
    const failures: string[] = [];
    const disposables = new Disposables((name) => failures.push(name));
    disposables.add('hanging', () => new Promise(() => {}));
    const done = disposables.dispose(1000);
    await vi.advanceTimersByTimeAsync(1000);
    await done;
    vi.useRealTimers();
    expect(failures).toEqual(['hanging']);
  });
});
