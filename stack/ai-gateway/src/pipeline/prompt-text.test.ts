import { describe, expect, test } from 'vitest';
import type { GenerationRequest } from './generation-request.ts';
import { estimatePromptTokens, promptText } from './prompt-text.ts';

const wish = { model: undefined, fields: {}, stream: false };
const chat = (...contents: unknown[]) =>
  ({
    ...wish,
    operation: 'chat',
    messages: contents.map((content) => ({ role: 'user', content })),
    skills: undefined,
    conversation: undefined,
  }) as GenerationRequest;
const completion = (prompt: unknown) => ({ ...wish, operation: 'text_completion', prompt }) as const;
const embedding = (input: unknown) => ({ ...wish, operation: 'embeddings', input }) as const;

describe('the words of a prompt', () => {
  test('are told of every form that an API takes them in', () => {
    const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } };
    const parts = [{ type: 'text', text: 'one' }, picture, { type: 'text', text: 'two' }];
    expect(promptText(chat('hello', parts, null))).toBe('hello\none\n\ntwo\n');
    expect(promptText(completion(['a', 'b']))).toBe('a\nb');
    expect(promptText(embedding('a'))).toBe('a');
    expect(promptText(embedding([[1, 2], [3]]))).toBe('');
  });

  test.each([
    ['a text', chat('x'.repeat(400)), 100],
    ['parts of a message', chat([{ type: 'text', text: 'x'.repeat(400) }]), 100],
    ['several texts', completion(['x'.repeat(400), 'x'.repeat(40)]), 110],
    ['tokens', completion([1, 2, 3]), 3],
    ['lists of tokens', embedding([[1, 2, 3], [4]]), 4],
    ['texts to embed', embedding(['x'.repeat(40), 'x'.repeat(40)]), 20],
    [
      'words of tools',
      { ...chat('x'.repeat(40)), fields: { tools: [{ description: 'x'.repeat(4000) }], seed: 7 } },
      10 + 1005,
    ],
  ])('count whether they come as %s', (_what, request, tokens) => {
    expect(estimatePromptTokens(request)).toBe(tokens);
    expect(estimatePromptTokens(request)).toBe(tokens);
  });
});
