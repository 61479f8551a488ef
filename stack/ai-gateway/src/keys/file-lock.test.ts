import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LockTimes, withFileLock } from './file-lock.ts';

describe('a lock beside a file', () => {
  let directory: string;
  let file: string;
  /** Gives a sign of life of each holder. */
  let beats: (() => Promise<void>)[];
  const times = (pause: LockTimes['pause']): LockTimes => ({
    pause,
    every: (_ms, run) => {
      beats.push(run);
      return () => {
        beats = beats.filter((one) => one !== run);
      };
    },
  });

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'lock-test-'));
    file = path.join(directory, 'keys.json');
    beats = [];
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  test('lets one work at a time, whatever becomes of the work', async () => {
    let working = 0;
    const work = async (): Promise<void> => {
      working += 1;
      expect(working).toBe(1);
      await readdir(directory);
      working -= 1;
      throw new Error('failed');
    };
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => withFileLock(file, work)));
    expect(results.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'rejected'));
    expect(await readdir(directory)).toEqual([]);
  });

  test('stays with one that works long and gives signs of life', async () => {
    const order: string[] = [];
    let looks = 0;
    let end: () => void = () => undefined;
    const long = withFileLock(
      file,
      async () => {
        await new Promise<void>((resolve) => {
          end = resolve;
        });
        order.push('long');
      },
      times(() => Promise.resolve()),
    );
    while (beats.length === 0) await readdir(directory);
    const pause = async (): Promise<void> => {
      looks += 1;
      if (looks % 100 === 0) await beats[0]?.();
      if (looks === 1000) end();
    };
    await Promise.all([long, withFileLock(file, async () => order.push('other'), times(pause))]);
    expect(order).toEqual(['long', 'other']);
  });

  test('is given up on when one that lives never lets go', async () => {
    await writeFile(`${file}.lock`, 'of one that lives');
    let looks = 0;
    const pause = async (): Promise<void> => {
      looks += 1;
      if (looks % 100 === 0) await writeFile(`${file}.lock`, 'of one that lives'.padEnd(20 + looks, '.'));
    };
    await expect(withFileLock(file, async () => 'worked', times(pause))).rejects.toMatchObject({
      code: 'keys_locked',
    });
    expect(await readdir(directory)).toEqual(['keys.json.lock']);
  });

  test('is taken from one that died, by one only of those who wait', async () => {
    await writeFile(`${file}.lock`, 'of the dead');
    let working = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      working += 1;
      most = Math.max(most, working);
      await beats.at(-1)?.();
      await readdir(directory);
      working -= 1;
    };
    const pause = (): Promise<void> => Promise.resolve();
    await Promise.all([withFileLock(file, work, times(pause)), withFileLock(file, work, times(pause))]);
    expect(most).toBe(1);
    expect(await readdir(directory)).toEqual([]);
  });
});
