import type { LlamaGrammar, LlamaModel, Token } from 'node-llama-cpp';
import { AnswerChances } from './answer-chances.ts';
import { EngineFault, roomFor } from './engine-fault.ts';
import { generationOptions } from './generation-options.ts';
import type { Grammars } from './grammars.ts';
import type { CompleteAsk, Done, Reply } from './inference-protocol.ts';
import type { SequencePool, SequenceSlot } from './sequence-pool.ts';
import { tellPrompt } from './tell-prompt.ts';
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
  ask: CompleteAsk,
  { model, pool, grammars, vocabulary, isDemo }: CompletionParts,
  signal: AbortSignal,
  say: (reply: Reply) => void,
): Promise<Done> {
  if (ask.suffix !== undefined && !pool.any().completion.infillSupported)
    throw new EngineFault('unsupported', 'The model was not trained to fill the gap before a "suffix".');
  const prompt = vocabulary.tokens(ask.prompt);
  const tokens = withBegin(prompt, model);
  const grammar = await grammars.forFormat(ask.format);
  const options = generationOptions(ask.sampling, model, isDemo);
  const { temperature } = options;
  const isHeld = grammar !== undefined;
  const wish = ask.chances === undefined ? undefined : { top: ask.chances, temperature, isHeld };
  const { slot, cachedTokens } = pool.take(tokens);
  const chances = new AnswerChances(model, slot.chances, wish);
  const completion: Completion = { ask, model, slot, prompt, tokens, chances, signal, say };
  try {
    const room = roomFor(tokens.length, slot.sequence.contextSize);
    const readsAnew = await readPrompt(completion);
    const before = slot.sequence.tokenMeter.getState();
    const maxTokens = Math.min(ask.sampling.maxTokens ?? DEFAULT_TOKENS, room);
    const isCut =
      maxTokens === 0 || (await goOn(completion, { ...options, maxTokens }, grammar)) === 'maxTokens';
    return {
      type: 'done',
      id: ask.id,
      finishReason: isCut ? 'length' : 'stop',
      promptTokens: tokens.length,
      cachedTokens: readsAnew ? 0 : cachedTokens,
      completionTokens: slot.sequence.tokenMeter.diff(before).usedOutputTokens,
      reasoningTokens: 0,
    };
  } finally {
    chances.end();
    pool.give(slot);
  }
}

interface Completion {
  readonly ask: CompleteAsk;
  readonly model: LlamaModel;
  readonly slot: SequenceSlot;
  readonly prompt: Token[];
  /** The prompt with what the model wants before it. */
  readonly tokens: Token[];
  readonly chances: AnswerChances;
  readonly signal: AbortSignal;
  readonly say: (reply: Reply) => void;
}

/** Evaluates the prompt, and says it where that is wanted. True: all of it anew, for the probabilities of its tokens. */
async function readPrompt(completion: Completion): Promise<boolean> {
  const { ask, model, prompt, say, signal, slot, tokens } = completion;
  const readsAnew = ask.echo && ask.chances !== undefined;
  if (!readsAnew && ask.suffix === undefined) await slot.prefill(tokens, signal);
  if (!ask.echo) return false;
  const { chances: top, id } = ask;
  const text = typeof ask.prompt === 'string' ? ask.prompt : model.detokenize(prompt, true);
  if (top === undefined) say({ type: 'delta', id, text, reasoning: false, ofPrompt: true });
  else await tellPrompt({ ...completion, id, text, top });
  return readsAnew;
}

/** Says what comes after the prompt. Answers with the reason of its end. */
async function goOn(
  { ask: { id, suffix }, chances, say, signal, slot: { completion }, tokens }: Completion,
  wishes: ReturnType<typeof generationOptions> & { readonly maxTokens: number },
  grammar: LlamaGrammar | undefined,
): Promise<string> {
  let fresh: readonly Token[] = [];
  const options = {
    ...wishes,
    signal,
    stopOnAbortSignal: false,
    // Told right before their text.
    onToken: (generated: Token[]) => {
      fresh = generated;
    },
    onTextChunk: (text: string) => {
      if (text === '') chances.pass(fresh);
      else say({ type: 'delta', id, text, reasoning: false, ...chances.of(fresh) });
    },
    ...(grammar === undefined ? {} : { grammar }),
  };
  const { metadata } =
    suffix === undefined
      ? await completion.generateCompletionWithMeta(tokens, options)
      : await completion.generateInfillCompletionWithMeta(tokens, suffix, options);
  return metadata.stopReason;
}

function withBegin(tokens: Token[], { tokens: special }: LlamaModel): Token[] {
  const { bos, shouldPrependBosToken } = special;
  return shouldPrependBosToken && bos !== null && tokens[0] !== bos ? [bos, ...tokens] : tokens;
}
