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
import { type StartChoice, toChunks } from './chat-format.ts';
import type { ChatAsk, CompleteAsk } from './engine/inference-protocol.ts';
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
}

export async function chatWith(
  model: LoadedModel,
  call: BackendCall<ChatGeneration>,
): Promise<BackendAnswer> {
  const { fields, stream } = call.request;
  const choices = starters(model, call, toChatAsks(call.request));
  const head = headOf('chatcmpl', model, call.requestId);
  if (stream) return { kind: 'stream', chunks: toChunks(choices, head, wantsUsage(fields)) };
  return { kind: 'whole', body: await collect(toChunks(choices, head, true)) };
}

export async function completeWith(
  model: LoadedModel,
  call: BackendCall<TextGeneration>,
): Promise<BackendAnswer> {
  const { fields, stream } = call.request;
  const runs = starters(model, call, toCompleteAsks(call.request));
  const head = headOf('cmpl', model, call.requestId);
  const choices = choicesOf(fields);
  if (stream)
    return { kind: 'stream', chunks: toTextChunks(runs, head, { choices, withUsage: wantsUsage(fields) }) };
  return { kind: 'whole', body: await collect(toTextChunks(runs, head, { choices, withUsage: true })) };
}

/** One for each choice; the model is asked for it when its turn has come. */
function starters(
  model: LoadedModel,
  { onFirstToken, signal }: BackendCall,
  asks: readonly (ChatAsk | CompleteAsk)[],
): StartChoice[] {
  let isFirst = true;
  const handleToken = (): void => {
    if (isFirst) onFirstToken?.();
    isFirst = false;
  };
  return asks.map((ask) => () => {
    const replies = model.replies.generation(ask.id, signal, () => abort(model, ask.id));
    model.send(ask);
    return heard(replies, handleToken);
  });
}

async function* heard(
  replies: AsyncIterable<GenerationReply>,
  handleToken: () => void,
): AsyncGenerator<GenerationReply> {
  for await (const reply of replies) {
    if (reply.type !== 'done') handleToken();
    yield reply;
  }
}

async function collect(chunks: AsyncIterable<JsonObject>): Promise<JsonObject> {
  const collector = new AnswerCollector();
  for await (const chunk of chunks) collector.add(chunk);
  return collector.body();
}

export async function embedWith(
  model: LoadedModel,
  call: BackendCall<EmbeddingGeneration>,
): Promise<BackendAnswer> {
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
  const reply = await model.replies.single(
    id,
    signal,
    () => undefined,
    () => model.send({ type: 'count', id, text }),
  );
  return reply.type === 'counted' ? reply.tokens : undefined;
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
