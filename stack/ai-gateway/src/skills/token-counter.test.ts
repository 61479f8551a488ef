import { estimateTokens } from '@skilldeck/agent-skills';
import { expect, test, vi } from 'vitest';
import type { Backend, BackendState } from '../backends/backend.ts';
import { TokenCounter } from './token-counter.ts';

const TEXT = 'Use water of 80 degrees.';
const backend = (name: string, tokens: number | undefined, state: BackendState = { kind: 'ready' }) => {
  const countTokens = vi.fn(() => Promise.resolve(tokens));
  return { name, state, countTokens, digestOf: () => undefined, model: undefined } as unknown as Backend & {
    countTokens: typeof countTokens;
  };
};

test('a text is counted by the backend that is asked, and estimated until that is known', async () => {
  const counter = new TokenCounter();
  const [one, other] = [backend('one', 111), backend('other', 222)];
  expect(counter.of(TEXT, one)).toBe(estimateTokens(TEXT));
  expect(counter.of(TEXT, other)).toBe(estimateTokens(TEXT));
  await vi.waitFor(() => expect(counter.isCounted(TEXT, other)).toBe(true));
  expect([counter.of(TEXT, one), counter.of(TEXT, other)]).toEqual([111, 222]);
  expect(one.countTokens).toHaveBeenCalledTimes(1);
});

test('a text is estimated where nobody can count it', async () => {
  const counter = new TokenCounter();
  const loading = backend('loading', 111, { kind: 'loading', message: '' });
  expect(counter.of(TEXT, undefined)).toBe(estimateTokens(TEXT));
  expect(counter.of(TEXT, loading)).toBe(estimateTokens(TEXT));
  expect(loading.countTokens).not.toHaveBeenCalled();
  const none = backend('none', undefined);
  counter.of(TEXT, none);
  await new Promise((resolve) => setImmediate(resolve));
  expect(counter.of(TEXT, none)).toBe(estimateTokens(TEXT));
  expect(none.countTokens).toHaveBeenCalledTimes(1);
  expect(counter.isCounted(TEXT, none)).toBe(false);
});
