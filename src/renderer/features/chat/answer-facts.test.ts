import { describe, expect, it } from 'vitest';
import { timeShares, tokensPerSecond } from './answer-facts.ts';
import { groupConversations } from './group-conversations.ts';

describe('answer facts', () => {
  it('measures the speed without the wait for the first token', () => {
    expect(tokensPerSecond({ skills: [], completionTokens: 100, totalMs: 3000, firstTokenMs: 500 })).toBe(40);
    expect(tokensPerSecond({ skills: [], totalMs: 3000 })).toBeUndefined();
  });

  it('splits the time into queue, first token and writing', () => {
    const facts = { skills: [], totalMs: 1000, firstTokenMs: 300, queuedMs: 100 };
    expect(timeShares(facts)).toEqual({ queue: 10, first: 20, rest: 70 });
  });
});

describe('groupConversations', () => {
  it('groups by calendar day, newest first', () => {
    const now = new Date(2026, 4, 10, 9).getTime();
    const at = (id: string, daysAgo: number, hour: number) => ({
      id,
      title: id,
      streaming: false,
      updatedAt: new Date(2026, 4, 10 - daysAgo, hour).getTime(),
    });
    const groups = groupConversations([at('c', 40, 8), at('b', 1, 23), at('a', 0, 1), at('d', 0, 8)], now);
    expect(
      groups.map(({ group, conversations }) => [group, ...conversations.map((found) => found.id)]),
    ).toEqual([
      ['today', 'd', 'a'],
      ['yesterday', 'b'],
      ['older', 'c'],
    ]);
  });
});
