import { randomUUID } from 'node:crypto';
import { GatewayError } from '../../gateway-error.ts';
import type { JsonObject } from '../../json.ts';
import type {
  ChatGeneration,
  EmbeddingGeneration,
  TextGeneration,
} from '../../pipeline/generation-request.ts';
import type { BackendAnswer, BackendCall } from '../backend.ts';
import { collectAnswer, toChunks } from './chat-format.ts';
import { llamaCannot } from './request/llama-unsupported.ts';
import { toChatAsk, toCompleteAsks, toEmbedAsk } from './request/to-asks.ts';
import { collectTexts, toTextChunks } from './text-format.ts';
import type { ToWorker } from './worker-protocol.ts';
import type { WorkerReplies } from './worker-replies.ts';

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
  const ask = toChatAsk(call.requestId, call.request);
  const replies = model.replies.generation(ask.id, call.signal, () => abort(model, ask.id));
  model.send(ask);
  const head = headOf('chatcmpl', model, call.requestId);
  if (!stream) return { kind: 'whole', body: await collectAnswer(replies, head) };
  return { kind: 'stream', chunks: toChunks(replies, head, wantsUsage(fields)) };
}

export async function completeWith(
  model: LoadedModel,
  call: BackendCall<TextGeneration>,
): Promise<BackendAnswer> {
  const { fields, stream } = call.request;
  const asks = toCompleteAsks(call.requestId, call.request);
  const echoes = fields.echo === true;
  if (echoes && asks.some(({ prompt }) => typeof prompt !== 'string'))
    throw llamaCannot('repeat a prompt that is given as tokens', 'echo');
  const prompts = asks.map((ask) => ({
    echo: echoes ? String(ask.prompt) : '',
    start: () => {
      const replies = model.replies.generation(ask.id, call.signal, () => abort(model, ask.id));
      model.send(ask);
      return replies;
    },
  }));
  const head = headOf('cmpl', model, call.requestId);
  if (!stream) return { kind: 'whole', body: await collectTexts(prompts, head) };
  return { kind: 'stream', chunks: toTextChunks(prompts, head, wantsUsage(fields)) };
}

export async function embedWith(
  model: LoadedModel,
  call: BackendCall<EmbeddingGeneration>,
): Promise<BackendAnswer> {
  const { dimensions } = call.request.fields;
  const ask = toEmbedAsk(call.requestId, call.request);
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
