import { expect, test } from 'vitest';
import { toTextLogprobs } from './logprobs-format.ts';

test('of alternatives with the same text the likeliest is told', () => {
  const top = [
    { text: '\ufffd', logprob: -1 },
    { text: 'a', logprob: -2 },
    { text: '\ufffd', logprob: -3 },
  ];
  expect(toTextLogprobs([{ text: 'a', logprob: -2, top }], 0)).toEqual({
    tokens: ['a'],
    token_logprobs: [-2],
    top_logprobs: [{ '\ufffd': -1, a: -2 }],
    text_offset: [0],
  });
});
