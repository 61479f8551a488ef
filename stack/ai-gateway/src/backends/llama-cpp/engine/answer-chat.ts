import type {
  ChatHistoryItem,
  ChatModelFunctions,
  GbnfJsonSchema,
  LlamaChat,
  LlamaGrammar,
  LlamaModel,
  Token,
} from 'node-llama-cpp';
import { AnswerChances } from './answer-chances.ts';
import { toHistory } from './chat-history.ts';
import { shortenForDemo } from './demo-shortening.ts';
import { roomFor } from './engine-fault.ts';
import { generationOptions } from './generation-options.ts';
import type { Grammars } from './grammars.ts';
import type { ChatAsk, Done, Reply, Tool, WorkerMessage } from './inference-protocol.ts';
import type { SequencePool, SequenceSlot } from './sequence-pool.ts';

export interface ChatParts {
  readonly model: LlamaModel;
  readonly pool: SequencePool;
  readonly grammars: Grammars;
  readonly contextSize: number;
  readonly isDemo: boolean;
}

const DEFAULT_DEMO_TOKENS = 160;

/** Answers a conversation: words, or calls of the tools. */
export async function answerChat(
  ask: ChatAsk,
  parts: ChatParts,
  signal: AbortSignal,
  say: (reply: Reply) => void,
): Promise<Done> {
  const mustCall = ask.toolUse === 'required' && ask.tools.length > 0;
  const grammar = mustCall
    ? await parts.grammars.forCall(ask.tools)
    : await parts.grammars.forFormat(ask.format);
  // Grammar and function calling exclude each other in node-llama-cpp: a call that must be is an answer in its form.
  const functions = grammar === undefined && ask.tools.length > 0 ? toFunctions(ask.tools) : undefined;
  const told = mustCall ? tellTools(ask.messages, ask.tools) : ask.messages;
  const history = toHistory(parts.isDemo ? shortenForDemo(told, parts.model, parts.contextSize) : told);
  const options = generationOptions(ask.sampling, parts.model, parts.isDemo);
  const { temperature } = options;
  const isHeld = grammar !== undefined || functions !== undefined;
  const wish = ask.chances === undefined ? undefined : { top: ask.chances, temperature, isHeld };
  const { slot, tokens, cachedTokens } = take(parts, history, functions);
  const chances = new AnswerChances(parts.model, slot.chances, wish);
  try {
    const room = roomFor(tokens.length, slot.sequence.contextSize);
    await slot.prefill(tokens, signal);
    const wished = ask.sampling.maxTokens ?? (parts.isDemo ? DEFAULT_DEMO_TOKENS : room);
    const before = slot.sequence.tokenMeter.getState();
    const { finishReason, reasoningTokens } = await generate(ask, {
      chat: slot.chat,
      history,
      grammar,
      functions,
      mustCall,
      maxTokens: Math.min(wished, room),
      options,
      chances,
      signal,
      say,
    });
    const completionTokens = slot.sequence.tokenMeter.diff(before).usedOutputTokens;
    return {
      type: 'done',
      id: ask.id,
      finishReason,
      promptTokens: tokens.length,
      cachedTokens,
      completionTokens,
      reasoningTokens,
    };
  } finally {
    chances.end();
    parts.pool.give(slot);
  }
}

function take(
  { model, pool }: ChatParts,
  chatHistory: readonly ChatHistoryItem[],
  availableFunctions: ChatModelFunctions | undefined,
): { slot: SequenceSlot; tokens: Token[]; cachedTokens: number } {
  // Every sequence has the same template; any of them can say what the prompt is.
  const probe = pool.any();
  const { contextText } = probe.chat.chatWrapper.generateContextState({
    chatHistory,
    ...(availableFunctions === undefined ? {} : { availableFunctions, documentFunctionParams: true }),
  });
  const tokens = contextText.tokenize(model.tokenizer);
  return { ...pool.take(tokens), tokens };
}

interface Generation {
  readonly chat: LlamaChat;
  readonly history: ChatHistoryItem[];
  readonly grammar: LlamaGrammar | undefined;
  readonly functions: ChatModelFunctions | undefined;
  readonly mustCall: boolean;
  readonly maxTokens: number;
  readonly options: ReturnType<typeof generationOptions>;
  readonly chances: AnswerChances;
  readonly signal: AbortSignal;
  readonly say: (reply: Reply) => void;
}

async function generate(
  { id, maxCalls }: ChatAsk,
  { chat, chances, history, grammar, functions, mustCall, maxTokens, options, signal, say }: Generation,
): Promise<Pick<Done, 'finishReason' | 'reasoningTokens'>> {
  let reasoningTokens = 0;
  const named = new Set<number>();
  const result = await chat.generateResponse(history, {
    ...options,
    maxTokens,
    signal,
    stopOnAbortSignal: false,
    onResponseChunk: ({ text, tokens, type }) => {
      const isThought = type === 'segment';
      if (isThought) reasoningTokens += tokens.length;
      const isSilent = text === '' || (mustCall && !isThought);
      if (isSilent || isThought) chances.pass(tokens);
      if (isSilent) return;
      say({ type: 'delta', id, text, reasoning: isThought, ...(isThought ? {} : chances.of(tokens)) });
    },
    ...(functions === undefined
      ? grammar === undefined
        ? {}
        : { grammar }
      : {
          functions,
          documentFunctionParams: true,
          ...(maxCalls === undefined ? {} : { maxParallelFunctionCalls: maxCalls }),
          onFunctionCallParamsChunk: ({ callIndex, functionName, paramsChunk }) => {
            const isFirst = !named.has(callIndex);
            named.add(callIndex);
            const name = isFirst ? { name: functionName } : {};
            say({ type: 'call', id, index: callIndex, ...name, argumentsText: paramsChunk });
          },
        }),
  });
  const { stopReason } = result.metadata;
  if (stopReason === 'maxTokens') return { finishReason: 'length', reasoningTokens };
  if (mustCall) {
    const { name, parameters } = JSON.parse(result.response) as { name: string; parameters: unknown };
    say({ type: 'call', id, index: 0, name, argumentsText: JSON.stringify(parameters) });
  }
  // A tool without parameters is called without a piece of them.
  for (const [index, call] of (result.functionCalls ?? []).entries())
    if (!named.has(index))
      say({
        type: 'call',
        id,
        index,
        name: String(call.functionName),
        argumentsText: JSON.stringify(call.params ?? {}),
      });
  const hasCalls = mustCall || (result.functionCalls?.length ?? 0) > 0;
  return { finishReason: hasCalls ? 'tool_calls' : 'stop', reasoningTokens };
}

function toFunctions(tools: readonly Tool[]): ChatModelFunctions {
  return Object.fromEntries(
    tools.map(({ name, description, params }) => [
      name,
      {
        ...(description === undefined ? {} : { description }),
        ...(params === undefined ? {} : { params: params as GbnfJsonSchema }),
      },
    ]),
  );
}

/** Where the grammar demands a call, the model is told what it may call in the system text. */
function tellTools(messages: readonly WorkerMessage[], tools: readonly Tool[]): WorkerMessage[] {
  const list = tools.map((tool) => JSON.stringify(tool)).join('\n');
  const text = `Answer with a call of one of these tools, as {"name": …, "parameters": …}:\n${list}`;
  const [first, ...rest] = messages;
  return first?.role === 'system'
    ? [{ role: 'system', text: `${first.text}\n\n${text}` }, ...rest]
    : [{ role: 'system', text }, ...messages];
}
