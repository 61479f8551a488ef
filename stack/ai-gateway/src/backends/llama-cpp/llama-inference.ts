import { randomUUID } from 'node:crypto';
import { AnswerCollector } from '../../dialects/answers/collect-answer.ts';
import { GatewayError } from '../../gateway-error.ts';
import type { JsonObject } from '../../json.ts';
import type {
  ChatGeneration,
  EmbeddingGeneration,
  TextGeneration,
} from '../../pipeline/generation-request.ts';
import type { BackendAnswer, BackendCall } from '../backend.ts';
import { whenEnded } from '../when-ended.ts';
import { toChunks } from './chat-format.ts';
import type { ChatAsk, CompleteAsk } from './engine/inference-protocol.ts';
import { isOfPrompt, readPromptsOnce } from './repeat-prompt.ts';
import { llamaCannot } from './request/llama-unsupported.ts';
import { choicesOf, toChatAsks, toCompleteAsks, toEmbedAsk } from './request/to-asks.ts';
import { toTextChunks } from './text-format.ts';
import type { ToWorker } from './worker-protocol.ts';
import type { GenerationReply, WorkerReplies } from './worker-replies.ts';

/** A loaded model in its process, as far as asking it goes. */
export interface LoadedModel {
  readonly id: string;
  readonly replies: WorkerReplies;
  readonly send: (message: ToWorker) => void;
  /** Keeps it from being unloaded, until the answer is called. */
  readonly hold: () => () => void;
}

export function chatWith(model: LoadedModel, call: BackendCall<ChatGeneration>): Promise<BackendAnswer> {
  return inUse(model, async () => {
    const { fields, stream } = call.request;
    const begin = beginner(model, call);
    const choices = toChatAsks(call.request).map((ask) => () => begin(ask));
    const head = headOf('chatcmpl', model, call.requestId);
    if (stream) return { kind: 'stream', chunks: toChunks(choices, head, wantsUsage(fields)) };
    return { kind: 'whole', body: await collect(toChunks(choices, head, true)) };
  });
}

export function completeWith(model: LoadedModel, call: BackendCall<TextGeneration>): Promise<BackendAnswer> {
  return inUse(model, async () => {
    const { fields, stream } = call.request;
    const choices = choicesOf(fields);
    const runs = readPromptsOnce(toCompleteAsks(call.request), choices, beginner(model, call));
    const head = headOf('cmpl', model, call.requestId);
    if (stream)
      return { kind: 'stream', chunks: toTextChunks(runs, head, { choices, withUsage: wantsUsage(fields) }) };
    return { kind: 'whole', body: await collect(toTextChunks(runs, head, { choices, withUsage: true })) };
  });
}

/** Until the answer has ended: the model is asked for a choice when its turn has come, which its caller decides. */
async function inUse(model: LoadedModel, answer: () => Promise<BackendAnswer>): Promise<BackendAnswer> {
  const release = model.hold();
  try {
    return whenEnded(await answer(), release);
  } catch (error) {
    release();
    throw error;
  }
}

/** Asks the model for one choice after the other, and tells of the first token of all. */
function beginner(
  model: LoadedModel,
  { onFirstToken, signal }: BackendCall,
): (ask: ChatAsk | CompleteAsk) => AsyncIterable<GenerationReply> {
  let isFirst = true;
  const handleToken = (): void => {
    if (isFirst) onFirstToken?.();
    isFirst = false;
  };
  return (ask) => {
    signal.throwIfAborted();
    const replies = model.replies.generation(ask.id, signal, () => abort(model, ask.id));
    model.send(ask);
    return heard(replies, handleToken);
  };
}

async function* heard(
  replies: AsyncIterable<GenerationReply>,
  handleToken: () => void,
): AsyncGenerator<GenerationReply> {
  for await (const reply of replies) {
    if (reply.type !== 'done' && !isOfPrompt(reply)) handleToken();
    yield reply;
  }
}

async function collect(chunks: AsyncIterable<JsonObject>): Promise<JsonObject> {
  const collector = new AnswerCollector();
  for await (const chunk of chunks) collector.add(chunk);
  return collector.body();
}

export function embedWith(
  model: LoadedModel,
  call: BackendCall<EmbeddingGeneration>,
): Promise<BackendAnswer> {
  return inUse(model, () => embed(model, call));
}

async function embed(model: LoadedModel, call: BackendCall<EmbeddingGeneration>): Promise<BackendAnswer> {
  const { dimensions } = call.request.fields;
  const ask = toEmbedAsk(call.request);
  const reply = await model.replies.single(
    ask.id,
    call.signal,
    () => abort(model, ask.id),
    () => model.send(ask),
  );
  if (reply.type !== 'embedded') throw new GatewayError('generation_failed', 'The model gave no vectors.');
  const width = Buffer.byteLength(reply.vectors[0] ?? '', 'base64') / Float32Array.BYTES_PER_ELEMENT;
  if (typeof dimensions === 'number' && dimensions !== width)
    throw llamaCannot(`give vectors of another length than ${width}`, 'dimensions');
  const usage = { prompt_tokens: reply.promptTokens, total_tokens: reply.promptTokens };
  const data = reply.vectors.map((embedding, index) => ({ object: 'embedding', index, embedding }));
  return { kind: 'whole', body: { object: 'list', data, model: model.id, usage } };
}

/** Tokens of a text by the model's own tokenizer. */
export async function countWith(
  model: LoadedModel,
  text: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const id = `count-${randomUUID()}`;
  const release = model.hold();
  try {
    const reply = await model.replies.single(
      id,
      signal,
      () => undefined,
      () => model.send({ type: 'count', id, text }),
    );
    return reply.type === 'counted' ? reply.tokens : undefined;
  } finally {
    release();
  }
}

function abort({ send }: LoadedModel, id: string): void {
  send({ type: 'abort', id });
}

function headOf(prefix: string, { id }: LoadedModel, requestId: string) {
  return { id: `${prefix}-${requestId}`, model: id, created: Math.floor(Date.now() / 1000) };
}

function wantsUsage(fields: Readonly<JsonObject>): boolean {
  return (fields.stream_options as JsonObject | undefined)?.include_usage === true;
}
