import { describe, expect, test } from 'vitest';
import { KeyMeter } from './key-meter.ts';
import { NO_USAGE } from './key-usage.ts';

describe('KeyMeter', () => {
  const start = Date.UTC(2026, 10, 29, 23, 59, 0);

  test('settles an estimate with what was really used', () => {
    const meter = new KeyMeter({ tokensPerMinute: 100 }, NO_USAGE, () => start);
    meter.admit(90).settle({ prompt: 5, completion: 5 });
    meter.admit(90).settle({ prompt: 80, completion: 60 });
    expect(() => meter.admit(1)).toThrow(/100 tokens a minute/);
    expect(meter.usage).toMatchObject({
      requests: 2,
      promptTokens: 85,
      completionTokens: 65,
      tokensToday: 150,
    });
  });

  test('ends a budget with the day and the month of UTC', () => {
    let now = start;
    const meter = new KeyMeter({ tokensPerDay: 10, tokensPerMonth: 25 }, NO_USAGE, () => now);
    meter.admit(1).settle({ prompt: 10, completion: 5 });
    expect(() => meter.admit(1)).toThrow(/of today/);
    now += 60_000;
    meter.admit(1).settle({ prompt: 10, completion: 5 });
    now += 2 * 60_000;
    expect(() => meter.admit(1)).toThrow(/of today/);
    now = Date.UTC(2026, 10, 30, 23, 0);
    expect(() => meter.admit(1)).toThrow(/of today/);
    now = Date.UTC(2026, 11, 1);
    expect(meter.usage.tokensThisMonth).toBe(0);
    meter.admit(1).settle(undefined);
  });

  test('counts what is under way, once however often it is settled', () => {
    const meter = new KeyMeter({ concurrent: 1 }, NO_USAGE, () => start);
    const ticket = meter.admit(1);
    expect(() => meter.admit(1)).toThrow(/1 requests under way/);
    ticket.settle(undefined);
    ticket.settle(undefined);
    meter.admit(1);
    expect(() => meter.admit(1)).toThrow(/under way/);
  });

  test('adds what was used here to what others have saved, and saves it once', () => {
    const meter = new KeyMeter({}, NO_USAGE, () => start);
    meter.admit(1).settle({ prompt: 5, completion: 1 });
    const failed = meter.beginSave();
    meter.admit(1).settle({ prompt: 10, completion: 1 });
    failed.undo();
    const others = { ...NO_USAGE, requests: 7, promptTokens: 100, tokensToday: 100, tokensThisMonth: 300 };
    meter.adopt({ ...others, day: '2026-11-29', month: '2026-11' });
    const { usage } = meter.beginSave();
    expect(usage).toMatchObject({
      requests: 9,
      promptTokens: 115,
      completionTokens: 2,
      tokensToday: 117,
      tokensThisMonth: 317,
    });
    meter.adopt(usage);
    expect([meter.usage, meter.hasUnsaved]).toEqual([usage, false]);
  });

  test('does not count what others used on another day', () => {
    const meter = new KeyMeter({}, NO_USAGE, () => start);
    meter.admit(1).settle({ prompt: 5, completion: 0 });
    const others = { ...NO_USAGE, promptTokens: 100, tokensToday: 100, tokensThisMonth: 300 };
    meter.adopt({ ...others, day: '2026-11-28', month: '2026-11' });
    expect(meter.usage).toMatchObject({ promptTokens: 105, tokensToday: 5, tokensThisMonth: 305 });
    meter.adopt({ ...others, day: '2026-10-29', month: '2026-10' });
    expect(meter.usage).toMatchObject({ promptTokens: 105, tokensToday: 5, tokensThisMonth: 5 });
  });
});
