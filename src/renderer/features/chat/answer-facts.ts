import type { AnswerFacts } from '../../../shared/chat/chat-contract.ts';

/** Tokens a second while the answer was written: the wait for the first one is told apart. */
export function tokensPerSecond(facts: AnswerFacts): number | undefined {
  const { completionTokens, totalMs, firstTokenMs = 0 } = facts;
  if (completionTokens === undefined || totalMs === undefined) return undefined;
  const writingMs = totalMs - firstTokenMs;
  return completionTokens < 2 || writingMs <= 0 ? undefined : (completionTokens / writingMs) * 1000;
}

/** 212 ms, 1.4 s. */
export function formatMs(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** Shares of the whole time in percent: in the queue, until the first token, writing. */
export function timeShares(facts: AnswerFacts): { queue: number; first: number; rest: number } | undefined {
  const { totalMs, firstTokenMs, queuedMs = 0 } = facts;
  if (totalMs === undefined || firstTokenMs === undefined || totalMs <= 0) return undefined;
  const percent = (ms: number): number => Math.min(100, Math.max(0, (ms / totalMs) * 100));
  const queue = percent(Math.min(queuedMs, firstTokenMs));
  const first = percent(firstTokenMs) - queue;
  return { queue, first, rest: Math.max(0, 100 - queue - first) };
}
