import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../../json.ts';
import type { Done } from './engine/inference-protocol.ts';
import { toUsage } from './usage-format.ts';
import type { GenerationReply } from './worker-replies.ts';

export interface AnswerHead {
  readonly id: string;
  readonly model: string;
  readonly created: number;
}

const newCallId = (): string => `call_${randomBytes(12).toString('hex')}`;

/** Words and calls of the model as OpenAI stream chunks: the role first, the reason for the end last, usage on request. */
export async function* toChunks(
  replies: AsyncIterable<GenerationReply>,
  head: AnswerHead,
  withUsage: boolean,
): AsyncGenerator<JsonObject> {
  const chunk = (delta: JsonObject, finishReason: string | null = null): JsonObject => ({
    ...head,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  });
  let isFirst = true;
  for await (const reply of replies) {
    if (reply.type === 'done') {
      if (isFirst) yield chunk({ role: 'assistant', content: '' });
      yield chunk({}, reply.finishReason);
      if (withUsage) yield { ...head, object: 'chat.completion.chunk', choices: [], usage: toUsage([reply]) };
      continue;
    }
    const delta = toDelta(reply);
    yield chunk(isFirst ? { role: 'assistant', ...delta } : delta);
    isFirst = false;
  }
}

function toDelta(reply: Exclude<GenerationReply, Done>): JsonObject {
  if (reply.type === 'delta')
    return reply.reasoning ? { reasoning_content: reply.text } : { content: reply.text };
  const { index, name, argumentsText } = reply;
  const call =
    name === undefined
      ? { index, function: { arguments: argumentsText } }
      : { index, id: newCallId(), type: 'function', function: { name, arguments: argumentsText } };
  return { tool_calls: [call] };
}

/** The same as one whole answer. */
export async function collectAnswer(
  replies: AsyncIterable<GenerationReply>,
  head: AnswerHead,
): Promise<JsonObject> {
  let content = '';
  let reasoning = '';
  const calls: { name: string; arguments: string }[] = [];
  let done: Done | undefined;
  for await (const reply of replies) {
    if (reply.type === 'done') done = reply;
    else if (reply.type === 'call') {
      const before = calls[reply.index];
      const call = before ?? { name: reply.name ?? '', arguments: '' };
      calls[reply.index] = { ...call, arguments: call.arguments + reply.argumentsText };
    } else if (reply.reasoning) reasoning += reply.text;
    else content += reply.text;
  }
  const message = {
    role: 'assistant',
    content: content === '' && calls.length > 0 ? null : content,
    ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
    ...(calls.length === 0
      ? {}
      : { tool_calls: calls.map((call) => ({ id: newCallId(), type: 'function', function: call })) }),
  };
  return {
    ...head,
    object: 'chat.completion',
    choices: [{ index: 0, message, finish_reason: done?.finishReason ?? 'stop' }],
    ...(done === undefined ? {} : { usage: toUsage([done]) }),
  };
}
