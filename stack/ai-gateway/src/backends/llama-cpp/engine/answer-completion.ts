import type { LlamaModel, Token } from 'node-llama-cpp';
import { EngineFault, roomFor } from './engine-fault.ts';
import { generationOptions } from './generation-options.ts';
import type { Grammars } from './grammars.ts';
import type { CompleteAsk, Done, Reply } from './inference-protocol.ts';
import type { SequencePool } from './sequence-pool.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface CompletionParts {
  readonly model: LlamaModel;
  readonly pool: SequencePool;
  readonly grammars: Grammars;
  readonly vocabulary: Vocabulary;
  readonly isDemo: boolean;
}

/** As OpenAI's legacy API has it. */
const DEFAULT_TOKENS = 16;

/** Goes on with a bare text, or fills the gap before a suffix where the model was trained to. */
export async function answerCompletion(
  { id, prompt, suffix, sampling, format }: CompleteAsk,
  { model, pool, grammars, vocabulary, isDemo }: CompletionParts,
  signal: AbortSignal,
  say: (reply: Reply) => void,
): Promise<Done> {
  const tokens = withBegin(vocabulary.tokens(prompt), model);
  const grammar = await grammars.forFormat(format);
  const { slot, cachedTokens } = pool.take(tokens);
  try {
    const room = roomFor(tokens.length, slot.sequence.contextSize);
    const { completion } = slot;
    if (suffix !== undefined && !completion.infillSupported)
      throw new EngineFault('unsupported', 'The model was not trained to fill the gap before a "suffix".');
    if (suffix === undefined) await slot.prefill(tokens, signal);
    const before = slot.sequence.tokenMeter.getState();
    const options = {
      ...generationOptions(sampling, model, isDemo),
      maxTokens: Math.min(sampling.maxTokens ?? DEFAULT_TOKENS, room),
      signal,
      stopOnAbortSignal: false,
      onTextChunk: (text: string) => {
        if (text !== '') say({ type: 'delta', id, text, reasoning: false });
      },
      ...(grammar === undefined ? {} : { grammar }),
    };
    const { metadata } =
      suffix === undefined
        ? await completion.generateCompletionWithMeta(tokens, options)
        : await completion.generateInfillCompletionWithMeta(tokens, suffix, options);
    return {
      type: 'done',
      id,
      finishReason: metadata.stopReason === 'maxTokens' ? 'length' : 'stop',
      promptTokens: tokens.length,
      cachedTokens,
      completionTokens: slot.sequence.tokenMeter.diff(before).usedOutputTokens,
      reasoningTokens: 0,
    };
  } finally {
    pool.give(slot);
  }
}

function withBegin(tokens: Token[], { tokens: special }: LlamaModel): Token[] {
  const { bos, shouldPrependBosToken } = special;
  return shouldPrependBosToken && bos !== null && tokens[0] !== bos ? [bos, ...tokens] : tokens;
}
