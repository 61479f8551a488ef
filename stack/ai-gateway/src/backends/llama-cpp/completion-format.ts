import type { JsonObject } from '../../json.ts';
import type { WorkerReply } from './worker-replies.ts';

export interface CompletionHead {
  readonly id: string;
  readonly model: string;
  readonly created: number;
}

/** Words of the model as OpenAI stream chunks: the role first, the reason for the end last, usage on request. */
export async function* toChunks(
  events: AsyncIterable<WorkerReply>,
  head: CompletionHead,
  withUsage: boolean,
): AsyncGenerator<JsonObject> {
  const chunk = (delta: JsonObject, finishReason: string | null = null): JsonObject => ({
    ...head,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  });
  let isFirst = true;
  for await (const event of events) {
    if (event.type === 'delta') {
      const words = event.reasoning ? { reasoning_content: event.text } : { content: event.text };
      yield chunk(isFirst ? { role: 'assistant', ...words } : words);
      isFirst = false;
      continue;
    }
    if (isFirst) yield chunk({ role: 'assistant', content: '' });
    yield chunk({}, event.finishReason);
    if (withUsage) yield { ...head, object: 'chat.completion.chunk', choices: [], usage: toUsage(event) };
  }
}

/** The same as one whole answer. */
export async function collectAnswer(
  events: AsyncIterable<WorkerReply>,
  head: CompletionHead,
): Promise<JsonObject> {
  let content = '';
  let reasoning = '';
  let done: Extract<WorkerReply, { type: 'done' }> | undefined;
  for await (const event of events) {
    if (event.type === 'done') done = event;
    else if (event.reasoning) reasoning += event.text;
    else content += event.text;
  }
  const message = {
    role: 'assistant',
    content,
    ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
  };
  return {
    ...head,
    object: 'chat.completion',
    choices: [{ index: 0, message, finish_reason: done?.finishReason ?? 'stop' }],
    ...(done === undefined ? {} : { usage: toUsage(done) }),
  };
}

function toUsage({ promptTokens, completionTokens }: Extract<WorkerReply, { type: 'done' }>): JsonObject {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}
