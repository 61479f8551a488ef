import { type ChatHistoryItem, getLlama, LlamaChat, LlamaLogLevel, type LlamaModel } from 'node-llama-cpp';
import type { Sampling, WorkerMessage } from './worker-protocol.ts';

export interface LlamaEngineOptions {
  readonly modelPath: string;
  readonly contextSize: number;
  readonly parallel: number;
  readonly threads?: number | undefined;
  readonly gpu: boolean;
  readonly onLog: (level: 'warn' | 'error', message: string) => void;
}

export interface LlamaChatCall {
  readonly messages: readonly WorkerMessage[];
  readonly sampling: Sampling;
  readonly signal: AbortSignal;
  readonly onDelta: (text: string, reasoning: boolean) => void;
}

export interface LlamaChatDone {
  readonly finishReason: 'stop' | 'length';
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** Share of the context that a demo model's system text may fill; what is beyond it would leave no room for the talk. */
const DEMO_SYSTEM_SHARE = 0.25;
const DEFAULT_DEMO_TOKENS = 160;

/** llama.cpp with one model and a fixed number of sequences that answer side by side. */
export class LlamaEngine {
  readonly model: { readonly name: string; readonly contextSize: number; readonly demo: boolean };
  readonly #model: LlamaModel;
  /** Chats that nobody uses. A chat keeps its sequence and thereby the evaluated prefix of its last prompt. */
  readonly #idle: LlamaChat[];

  private constructor(model: LlamaModel, chats: LlamaChat[], contextSize: number) {
    this.#model = model;
    this.#idle = chats;
    const general = model.fileInfo.metadata.general as { name?: string } | undefined;
    const name = general?.name ?? 'model';
    this.model = { name, contextSize, demo: /skilldeck[ -]demo/i.test(name) };
  }

  static async load(options: LlamaEngineOptions): Promise<LlamaEngine> {
    const llama = await getLlama({
      gpu: options.gpu ? 'auto' : false,
      build: 'never',
      progressLogs: false,
      logLevel: LlamaLogLevel.warn,
      logger: (level, message) => {
        const text = message.trim();
        if (text !== '') options.onLog(level === LlamaLogLevel.warn ? 'warn' : 'error', text);
      },
    });
    const model = await llama.loadModel({ modelPath: options.modelPath });
    const context = await model.createContext({
      contextSize: Math.min(options.contextSize, model.trainContextSize ?? options.contextSize),
      sequences: options.parallel,
      ...(options.threads === undefined ? {} : { threads: options.threads }),
    });
    const chats = Array.from(
      { length: options.parallel },
      () => new LlamaChat({ contextSequence: context.getSequence() }),
    );
    return new LlamaEngine(model, chats, context.contextSize);
  }

  /** Answers once. The caller keeps to the number of sequences. */
  async chat({ messages, sampling, signal, onDelta }: LlamaChatCall): Promise<LlamaChatDone> {
    const chat = this.#idle.pop();
    if (chat === undefined) throw new Error('All sequences of the model are busy.');
    try {
      const history = toHistory(this.model.demo ? this.#shorten(messages) : messages);
      const { contextText } = chat.chatWrapper.generateContextState({ chatHistory: history });
      const promptTokens = contextText.tokenize(this.#model.tokenizer).length;
      let completionTokens = 0;
      const maxTokens = sampling.maxTokens ?? (this.model.demo ? DEFAULT_DEMO_TOKENS : undefined);
      const result = await chat.generateResponse(history, {
        signal,
        stopOnAbortSignal: false,
        onToken: (tokens) => {
          completionTokens += tokens.length;
        },
        onResponseChunk: ({ text, type }) => {
          if (text !== '') onDelta(text, type === 'segment');
        },
        ...(maxTokens === undefined ? {} : { maxTokens }),
        ...(sampling.temperature === undefined ? {} : { temperature: sampling.temperature }),
        ...(sampling.topP === undefined ? {} : { topP: sampling.topP }),
        ...(sampling.seed === undefined ? {} : { seed: sampling.seed }),
        ...(sampling.stop === undefined ? {} : { customStopTriggers: sampling.stop }),
      });
      const finishReason = result.metadata.stopReason === 'maxTokens' ? 'length' : 'stop';
      return { finishReason, promptTokens, completionTokens };
    } finally {
      this.#idle.push(chat);
    }
  }

  /**
   * Keeps what the small context of the demo model can hold: the end of the system text and the last turns.
   *
   * It understands nothing either way, and a first chat must not fail because a skill is longer than its context. A real
   * model gets everything or an error.
   */
  #shorten(messages: readonly WorkerMessage[]): WorkerMessage[] {
    const budget = Math.floor(this.model.contextSize * DEMO_SYSTEM_SHARE);
    const kept = messages.filter(
      (message, index) => message.role === 'system' || index >= messages.length - 3,
    );
    return kept.map((message) => {
      const tokens = this.#model.tokenize(message.text);
      return tokens.length <= budget
        ? message
        : { ...message, text: this.#model.detokenize(tokens.slice(-budget)) };
    });
  }
}

function toHistory(messages: readonly WorkerMessage[]): ChatHistoryItem[] {
  const history = messages.map(toHistoryItem);
  // The answer is written into an open model turn.
  return history.at(-1)?.type === 'model' ? history : [...history, { type: 'model', response: [] }];
}

function toHistoryItem({ role, text }: WorkerMessage): ChatHistoryItem {
  switch (role) {
    case 'system':
    case 'user':
      return { type: role, text };
    case 'assistant':
      return { type: 'model', response: [text] };
  }
}
