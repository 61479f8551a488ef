import { expect, test } from 'vitest';
import type { CompleteAsk } from './engine/inference-protocol.ts';
import { readPromptsOnce } from './repeat-prompt.ts';
import type { GenerationReply } from './worker-replies.ts';

const askOf = (id: string, echo: boolean): CompleteAsk => ({
  type: 'complete',
  id,
  prompt: id,
  echo,
  sampling: {},
  format: { kind: 'text' },
});

/** Says what it is asked: the prompt in two pieces where that is wanted, and one word. */
function model() {
  const asked: string[] = [];
  async function* begin({ echo, id }: CompleteAsk): AsyncGenerator<GenerationReply> {
    asked.push(`${id} ${echo ? 'with its prompt' : 'alone'}`);
    const delta = { type: 'delta', id, reasoning: false } as const;
    if (echo) {
      yield { ...delta, text: `${id[0]}1 `, ofPrompt: true };
      yield { ...delta, text: `${id[0]}2 `, ofPrompt: true };
    }
    yield { ...delta, text: `word of ${id}` };
  }
  return { asked, begin };
}

async function textsOf(echo: boolean, choices: number) {
  const { asked, begin } = model();
  const asks = ['a0', 'a1', 'b0', 'b1'].map((id) => askOf(id, echo));
  const texts: string[] = [];
  for (const start of readPromptsOnce(asks, choices, begin)) {
    let text = '';
    for await (const reply of start()) if (reply.type === 'delta') text += reply.text;
    texts.push(text);
  }
  return { asked, texts };
}

test('a prompt that is told before each of several answers is read for the first of them', async () => {
  expect(await textsOf(true, 2)).toEqual({
    asked: ['a0 with its prompt', 'a1 alone', 'b0 with its prompt', 'b1 alone'],
    texts: ['a1 a2 word of a0', 'a1 a2 word of a1', 'b1 b2 word of b0', 'b1 b2 word of b1'],
  });
});

test('a prompt with one answer, or one that is not told, is asked as it is', async () => {
  expect((await textsOf(true, 1)).asked).toEqual(
    ['a0', 'a1', 'b0', 'b1'].map((id) => `${id} with its prompt`),
  );
  expect((await textsOf(false, 2)).texts).toEqual(['a0', 'a1', 'b0', 'b1'].map((id) => `word of ${id}`));
});
