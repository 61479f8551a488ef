import { describe, expect, test } from 'vitest';
import { chatChances, textChances } from './to-chances.ts';

describe('chatChances', () => {
  test.each([
    [{}, {}],
    [{ logprobs: false }, {}],
    [{ logprobs: true }, { chances: 0 }],
    [{ logprobs: true, top_logprobs: 20 }, { chances: 20 }],
  ])('reads %j as %j', (fields, expected) => {
    expect(chatChances(fields)).toEqual(expected);
  });

  test('refuses alternatives to what is not told, and too many of them', () => {
    const refusal = (code: string) => expect.objectContaining({ code, param: 'top_logprobs' });
    expect(() => chatChances({ top_logprobs: 2 })).toThrow(refusal('invalid_request'));
    expect(() => chatChances({ logprobs: true, top_logprobs: 21 })).toThrow(refusal('unsupported'));
  });

  test.each([2.5, -1, '3', Number.NaN, {}, true])('refuses %j alternatives', (alternatives) => {
    expect(() => chatChances({ logprobs: true, top_logprobs: alternatives })).toThrow(
      expect.objectContaining({ code: 'invalid_request', param: 'top_logprobs' }),
    );
    expect(() => textChances({ logprobs: alternatives })).toThrow(
      expect.objectContaining({ code: 'invalid_request', param: 'logprobs' }),
    );
  });
});

describe('textChances', () => {
  test('takes 0 for a wish to know, too', () => {
    expect([{}, { logprobs: 0 }, { logprobs: 3 }].map(textChances)).toEqual([
      {},
      { chances: 0 },
      { chances: 3 },
    ]);
  });
});
