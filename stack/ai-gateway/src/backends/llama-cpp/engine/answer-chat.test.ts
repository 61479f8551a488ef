import type { LlamaContextSequence, LlamaModel, Token } from 'node-llama-cpp';
import { describe, expect, test } from 'vitest';
import { answerChat } from './answer-chat.ts';
import type { Grammars } from './grammars.ts';
import type { ChatAsk, Reply } from './inference-protocol.ts';
import { SequencePool, type SequenceSlot } from './sequence-pool.ts';
import { TokenChances } from './token-chances.ts';

const [WORD, OTHER, END, MARK, REST] = [7, 8, 9, 3, 5] as [Token, Token, Token, Token, Token];
type Chunk = {
  readonly type: 'segment' | undefined;
  readonly text: string;
  readonly tokens: readonly Token[];
};

/** A model that says these tokens, each less likely than the one before it, which come out as these chunks. */
function modelOf(generated: readonly Token[], chunks: readonly Chunk[]) {
  const detokenized: Token[] = [];
  const model = {
    detokenize: ([token]: Token[]) => {
      detokenized.push(token as Token);
      return `<${token}>`;
    },
  };
  const sequence = {
    contextSize: 512,
    nextTokenIndex: 0,
    tokenMeter: { getState: () => undefined, diff: () => ({ usedOutputTokens: generated.length }) },
    evaluate: (_tokens: Token[]): AsyncIterable<Token> => expect.fail('not asked'),
    async *evaluateWithMetadata() {
      for (const [index, token] of generated.entries()) {
        const probability = 0.5 ** index;
        const rest = [REST, 1 - probability] as const;
        yield { token, probabilities: new Map([[token, probability], rest]) };
      }
    },
  };
  const chat = {
    chatWrapper: { generateContextState: () => ({ contextText: { tokenize: () => [1, 2] } }) },
    generateResponse: async (_history: unknown, { onResponseChunk }: { onResponseChunk(c: Chunk): void }) => {
      for await (const _token of sequence.evaluate([])) {
        // Words come out when it is sure that they are none of the template's.
      }
      for (const chunk of chunks) onResponseChunk(chunk);
      return { metadata: { stopReason: 'eogToken' }, response: '' };
    },
  };
  const slot = {
    sequence,
    chat,
    chances: new TokenChances(sequence as unknown as LlamaContextSequence),
    commonPrefix: () => 0,
    prefill: async () => undefined,
  } as unknown as SequenceSlot;
  return { detokenized, model: model as unknown as LlamaModel, slot };
}

async function answerOf(
  { model, slot }: ReturnType<typeof modelOf>,
  ask: Partial<ChatAsk> = {},
): Promise<Reply[]> {
  const said: Reply[] = [];
  const parts = {
    model,
    pool: new SequencePool([slot]),
    grammars: { forFormat: async () => undefined } as unknown as Grammars,
    contextSize: 512,
    isDemo: false,
  };
  const whole: ChatAsk = {
    type: 'chat',
    id: 'r1',
    messages: [{ role: 'user', text: 'hi' }],
    sampling: { temperature: 1 },
    tools: [],
    toolUse: 'auto',
    format: { kind: 'text' },
    chances: 0,
    ...ask,
  };
  await answerChat(whole, parts, new AbortController().signal, (reply) => said.push(reply));
  return said;
}

const logprobs = (said: readonly Reply[]) =>
  said.map((reply) => reply.type === 'delta' && reply.tokens?.map(({ logprob }) => logprob));

describe('the probabilities of an answer', () => {
  test('are those of its own tokens, also after thoughts of the same ones', async () => {
    const thought = { type: 'segment', text: 'w', tokens: [WORD, OTHER] } as const;
    const words = [WORD, OTHER].map((token) => ({ type: undefined, text: 'w', tokens: [token] }) as const);
    const model = modelOf([WORD, OTHER, END, WORD, OTHER], [thought, ...words]);
    const said = await answerOf(model);
    expect(logprobs(said)).toEqual([
      undefined,
      [expect.closeTo(3 * Math.log(0.5), 9)],
      [expect.closeTo(4 * Math.log(0.5), 9)],
    ]);
    // Texts are made of what is told and of nothing else: a thought may have thousands of tokens.
    expect(model.detokenized).toEqual([WORD, OTHER]);
  });

  test('are not those of a token that has no text', async () => {
    const model = modelOf(
      [MARK, MARK],
      [
        { type: undefined, text: '', tokens: [MARK] },
        { type: undefined, text: 'm', tokens: [MARK] },
      ],
    );
    expect(logprobs(await answerOf(model))).toEqual([[expect.closeTo(Math.log(0.5), 9)]]);
  });
});

test('wishes that cannot be met leave the sequence to the next one', async () => {
  const model = modelOf([], []);
  const unheard = { logitBias: [[1, 5]] as [number, number][] };
  await expect(answerOf(model, { sampling: unheard })).rejects.toThrow('isEogToken');
  await answerOf(model);
});
