import { getLlama, LlamaLogLevel, type LlamaModel } from 'node-llama-cpp';
import { answerChat } from './engine/answer-chat.ts';
import { answerCompletion } from './engine/answer-completion.ts';
import { Embeddings } from './engine/answer-embeddings.ts';
import { Grammars } from './engine/grammars.ts';
import type { ChatAsk, CompleteAsk, EmbedAsk, Reply } from './engine/inference-protocol.ts';
import { SequencePool, SequenceSlot } from './engine/sequence-pool.ts';
import { Vocabulary } from './engine/vocabulary.ts';
import { openWithGpu, reportGpu } from './gpu-report.ts';
import type { GpuChoice, GpuLayers, GpuReport } from './lifecycle-protocol.ts';

export interface LlamaEngineOptions {
  readonly modelPath: string;
  readonly contextSize: number;
  readonly parallel: number;
  readonly threads?: number | undefined;
  readonly gpu: GpuChoice;
  readonly gpuLayers: GpuLayers;
  /** From 0 to 1. */
  readonly onProgress: (progress: number) => void;
  readonly onLog: (level: 'warn' | 'error', message: string) => void;
}

type CountAsk = { readonly type: 'count'; readonly id: string; readonly text: string };
export type EngineAsk = ChatAsk | CompleteAsk | EmbedAsk | CountAsk;

/** llama.cpp with one model and a fixed number of sequences that answer side by side. */
export class LlamaEngine {
  readonly model: {
    readonly name: string;
    readonly contextSize: number;
    readonly demo: boolean;
    readonly tools: boolean;
    readonly parameters: number;
    readonly gpu: GpuReport;
  };
  readonly #model: LlamaModel;
  readonly #pool: SequencePool;
  readonly #grammars: Grammars;
  readonly #vocabulary: Vocabulary;
  readonly #embeddings: Embeddings;

  private constructor(
    model: LlamaModel,
    slots: readonly SequenceSlot[],
    contextSize: number,
    threads: number | undefined,
    gpu: GpuReport,
  ) {
    this.#model = model;
    this.#pool = new SequencePool(slots);
    this.#grammars = new Grammars(model.llama);
    this.#vocabulary = new Vocabulary(model);
    this.#embeddings = new Embeddings(model, this.#vocabulary, contextSize, threads);
    const general = model.fileInfo.metadata.general as { name?: string } | undefined;
    const name = general?.name ?? 'model';
    this.model = {
      name,
      contextSize,
      demo: /skilldeck[ -]demo/i.test(name),
      tools: /\btools\b/.test(model.fileInfo.metadata.tokenizer?.chat_template ?? ''),
      parameters: model.fileInsights.totalParameters,
      gpu,
    };
  }

  static async load(options: LlamaEngineOptions): Promise<LlamaEngine> {
    const { threads } = options;
    const llama = await openWithGpu(options.gpu, (gpu) =>
      getLlama({
        gpu,
        build: 'never',
        progressLogs: false,
        logLevel: LlamaLogLevel.warn,
        logger: (level, message) => {
          const text = message.trim();
          if (text !== '') options.onLog(level === LlamaLogLevel.warn ? 'warn' : 'error', text);
        },
      }),
    );
    const model = await llama.loadModel({
      modelPath: options.modelPath,
      gpuLayers: options.gpuLayers,
      onLoadProgress: options.onProgress,
    });
    const context = await model.createContext({
      contextSize: Math.min(options.contextSize, model.trainContextSize ?? options.contextSize),
      sequences: options.parallel,
      ...(threads === undefined ? {} : { threads }),
    });
    const slots = Array.from({ length: options.parallel }, () => new SequenceSlot(context.getSequence()));
    return new LlamaEngine(model, slots, context.contextSize, threads, await reportGpu(llama, model));
  }

  /**
   * The last word about what was asked; `say` gets the words before it. The caller keeps to the number of sequences.
   *
   * @throws {EngineFault} for what the model cannot do, and the signal's reason after an abort
   */
  answer(ask: EngineAsk, signal: AbortSignal, say: (reply: Reply) => void): Promise<Reply> {
    const parts = {
      model: this.#model,
      pool: this.#pool,
      grammars: this.#grammars,
      vocabulary: this.#vocabulary,
      contextSize: this.model.contextSize,
      isDemo: this.model.demo,
    };
    if ('sampling' in ask) this.#vocabulary.check(ask.sampling.logitBias?.map(([token]) => token) ?? []);
    switch (ask.type) {
      case 'chat':
        return answerChat(ask, parts, signal, say);
      case 'complete':
        return answerCompletion(ask, parts, signal, say);
      case 'embed':
        return this.#embeddings.answer(ask, signal);
      case 'count':
        return Promise.resolve({
          type: 'counted',
          id: ask.id,
          tokens: this.#model.tokenize(ask.text).length,
        });
    }
  }
}
