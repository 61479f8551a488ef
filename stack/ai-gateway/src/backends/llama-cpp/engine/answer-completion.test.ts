import type { LlamaModel, Token } from 'node-llama-cpp';
import { describe, expect, test } from 'vitest';
import { answerCompletion } from './answer-completion.ts';
import type { Grammars } from './grammars.ts';
import type { CompleteAsk, Reply } from './inference-protocol.ts';
import { SequencePool, type SequenceSlot } from './sequence-pool.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A character whose two halves are tokens of their own. */
const [UPPER, LOWER] = [900, 901] as [Token, Token];
const PIECE = 32;

/** A model that reads prompts: the token n is the text `n `. It generates nothing. */
function makeModel({ canFill = false, whenRead = () => undefined as unknown } = {}) {
  /** Tokens of each evaluation. */
  const evaluated: number[] = [];
  const textOf = (tokens: readonly Token[]) =>
    tokens
      .map((token) => (token === UPPER || token === LOWER ? token : `${token} `))
      .join('')
      .replaceAll(`${UPPER}${LOWER}`, '好')
      .replaceAll(/90[01]/g, '\ufffd');
  const model = {
    tokens: { bos: null, shouldPrependBosToken: false },
    detokenize: (tokens: Token[], _special: boolean, before: Token[] = []) =>
      textOf([...before, ...tokens]).slice(textOf(before).length),
  };
  const sequence = {
    context: { batchSize: 512 },
    contextSize: 8192,
    nextTokenIndex: 0,
    tokenMeter: { getState: () => undefined, diff: () => ({ usedOutputTokens: 0 }) },
    clearHistory: async () => undefined,
    evaluate: () => expect.fail('not asked'),
    controlledEvaluate: async (input: unknown[]) => {
      evaluated.push(input.length);
      await whenRead();
      return input.map(() => ({ next: { logits: new Map(), totalLogitWeight: 1 } }));
    },
  };
  const slot = {
    sequence,
    chances: { watch: () => undefined },
    completion: { infillSupported: canFill },
    commonPrefix: () => 0,
    prefill: async () => undefined,
  } as unknown as SequenceSlot;
  return { evaluated, model: model as unknown as LlamaModel, pool: new SequencePool([slot]), textOf };
}

function answer(
  { model, pool }: ReturnType<typeof makeModel>,
  ask: Partial<CompleteAsk>,
  signal = new AbortController().signal,
) {
  const said: Extract<Reply, { type: 'delta' }>[] = [];
  const parts = {
    model,
    pool,
    grammars: { forFormat: async () => undefined } as unknown as Grammars,
    vocabulary: { tokens: (tokens: Token[]) => tokens } as unknown as Vocabulary,
    isDemo: false,
  };
  const whole: CompleteAsk = {
    type: 'complete',
    id: 'r1',
    prompt: [1, 2, 3],
    echo: true,
    sampling: { maxTokens: 0, temperature: 0 },
    format: { kind: 'text' },
    ...ask,
  };
  const done = answerCompletion(whole, parts, signal, (reply) => {
    if (reply.type === 'delta') said.push(reply);
  });
  return { done, said };
}

describe('a prompt that is told with its probabilities', () => {
  const prompt = Array.from({ length: 200 }, (_, index) => index + 100) as Token[];

  test('is read and told in small pieces, which make it up', async () => {
    const made = makeModel();
    const { done, said } = answer(made, { prompt, chances: 2 });
    await done;
    expect(Math.max(...made.evaluated)).toBe(PIECE);
    expect(said.length).toBeGreaterThanOrEqual(prompt.length / PIECE);
    expect(said.map(({ text }) => text).join('')).toBe(made.textOf(prompt));
    expect(said.flatMap(({ tokens }) => tokens?.map(({ text }) => text))).toEqual(
      prompt.map((token) => `${token} `),
    );
    for (const { ofPrompt, text, tokens = [] } of said)
      expect([ofPrompt, text]).toEqual([true, tokens.map((token) => token.text).join('')]);
    expect(said.flatMap(({ tokens = [] }) => tokens).map(({ logprob }) => logprob === null)).toEqual(
      prompt.map((_, index) => index === 0),
    );
  });

  test('is not cut within a character', async () => {
    const made = makeModel();
    const halves = prompt.flatMap((token) => [token, UPPER, LOWER]);
    const { done, said } = answer(made, { prompt: halves, chances: 0 });
    await done;
    expect(said.map(({ text }) => text).join('')).toBe(made.textOf(halves));
    expect(said.every(({ text }) => !text.includes('\ufffd'))).toBe(true);
    expect(said.length).toBeGreaterThanOrEqual(halves.length / PIECE / 2);
  });

  test('is read no further than the piece under way when nobody wants it any more', async () => {
    const leaver = new AbortController();
    const made = makeModel({ whenRead: () => leaver.abort(new Error('has left')) });
    const { done } = answer(made, { prompt, chances: 2 }, leaver.signal);
    await expect(done).rejects.toThrow('has left');
    expect(made.evaluated).toEqual([PIECE]);
  });

  test('of one token is told as well', async () => {
    const { done, said } = answer(makeModel(), { prompt: [7], chances: 0 });
    await done;
    expect(said).toMatchObject([{ text: '7 ', tokens: [{ text: '7 ', logprob: null }] }]);
  });
});

test('a gap that the model cannot fill is refused before anything is said', async () => {
  const made = makeModel();
  const { done, said } = answer(made, { suffix: 'end', chances: 2, sampling: { maxTokens: 5 } });
  await expect(done).rejects.toMatchObject({ code: 'unsupported' });
  expect([said, made.evaluated]).toEqual([[], []]);
});

test('wishes that cannot be met leave the sequence to the next one', async () => {
  const made = makeModel();
  const unheard = { logitBias: [[1, 5]] as [number, number][] };
  await expect(answer(made, { sampling: unheard }).done).rejects.toThrow();
  await answer(made, {}).done;
});
