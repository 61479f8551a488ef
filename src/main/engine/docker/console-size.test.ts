import { describe, expect, test } from 'vitest';
import type { TerminalSize } from '../stack-engine.ts';
import { ConsoleSize } from './console-size.ts';

const columns = (count: number): TerminalSize => ({ columns: count, rows: 24 });
const noWait = async () => {};

async function* parts(...all: string[]) {
  yield* all;
}

describe('the size of a console', () => {
  test('is told one after the other, and those in between are left out', async () => {
    const told: number[] = [];
    const answers: (() => void)[] = [];
    const size = new ConsoleSize(
      (to) => {
        told.push(to.columns);
        return new Promise((resolve) => answers.push(resolve));
      },
      () => false,
      noWait,
    );
    const all = [80, 90, 100].map((count) => size.set(columns(count)));
    expect(told).toEqual([80]);
    answers[0]?.();
    await expect.poll(() => told).toEqual([80, 100]);
    answers[1]?.();
    await Promise.all(all);
  });

  test('is told again when the process is not there yet, and not for ever', async () => {
    let tries = 0;
    const size = new ConsoleSize(
      async () => {
        tries += 1;
        throw new Error('no such exec');
      },
      () => tries === 20,
      noWait,
    );
    await size.set(columns(80));
    expect(tries).toBe(10);
    await size.set(columns(90));
    expect(tries).toBe(20);
    await size.set(columns(100));
    expect(tries).toBe(20);
  });

  test('is told again at the first output, since an engine may have lost it', async () => {
    const told: number[] = [];
    const size = new ConsoleSize(
      async (to) => {
        told.push(to.columns);
      },
      () => false,
      noWait,
    );
    await size.set(columns(80));
    const seen: string[] = [];
    for await (const part of size.watch(parts('a', 'b', 'c'))) seen.push(part);
    expect(seen).toEqual(['a', 'b', 'c']);
    await expect.poll(() => told).toEqual([80, 80]);
  });

  test('is not told of itself when nobody has set one', async () => {
    const told: number[] = [];
    const size = new ConsoleSize(
      async (to) => {
        told.push(to.columns);
      },
      () => false,
      noWait,
    );
    for await (const _ of size.watch(parts('a', 'b')));
    expect(told).toEqual([]);
  });
});
