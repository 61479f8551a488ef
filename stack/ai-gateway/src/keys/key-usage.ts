import type { StoredKey } from './key-file.ts';

/** What was used, and the UTC day and month that its counts of tokens are of. */
export type Usage = StoredKey['usage'];

export const NO_USAGE: Usage = {
  requests: 0,
  promptTokens: 0,
  completionTokens: 0,
  tokensToday: 0,
  tokensThisMonth: 0,
  day: '',
  month: '',
};

/** Both together, as of the later of their days: what the other has of a day that is over does not count for that one. */
export function addUsage(one: Usage, other: Usage): Usage {
  const day = later(one.day, other.day);
  const month = later(one.month, other.month);
  const lastUsedAt = later(one.lastUsedAt ?? '', other.lastUsedAt ?? '');
  return {
    requests: one.requests + other.requests,
    promptTokens: one.promptTokens + other.promptTokens,
    completionTokens: one.completionTokens + other.completionTokens,
    ...(lastUsedAt === '' ? {} : { lastUsedAt }),
    tokensToday: (one.day === day ? one.tokensToday : 0) + (other.day === day ? other.tokensToday : 0),
    tokensThisMonth:
      (one.month === month ? one.tokensThisMonth : 0) + (other.month === month ? other.tokensThisMonth : 0),
    day,
    month,
  };
}

/** ISO times are in order as texts are. */
function later(one: string, other: string): string {
  return one > other ? one : other;
}
