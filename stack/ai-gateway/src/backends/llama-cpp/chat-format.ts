import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../../json.ts';
import type { Done } from './engine/inference-protocol.ts';
import { toChatLogprobs } from './logprobs-format.ts';
import { toUsage } from './usage-format.ts';
import type { GenerationReply } from './worker-replies.ts';

export interface AnswerHead {
  readonly id: string;
  readonly model: string;
  readonly created: number;
}

/** Has the model begin with one of the answers. */
export type StartChoice = () => AsyncIterable<GenerationReply>;

const newCallId = (): string => `call_${randomBytes(12).toString('hex')}`;

/**
 * Words and calls of the model as OpenAI stream chunks: of each choice the role first and the reason for its end last, then
 * usage on request. One choice is answered after the other.
 */
export async function* toChunks(
  choices: readonly StartChoice[],
  head: AnswerHead,
  withUsage: boolean,
): AsyncGenerator<JsonObject> {
  const object = 'chat.completion.chunk';
  const ended: Done[] = [];
  for (const [index, start] of choices.entries()) {
    const chunk = (delta: JsonObject, rest: JsonObject): JsonObject => ({
      ...head,
      object,
      choices: [{ index, delta, ...rest }],
    });
    let isFirst = true;
    for await (const reply of start()) {
      if (reply.type === 'done') {
        if (isFirst) yield chunk({ role: 'assistant', content: '' }, { finish_reason: null });
        yield chunk({}, { finish_reason: reply.finishReason });
        ended.push(reply);
        continue;
      }
      const tokens = reply.type === 'delta' ? reply.tokens : undefined;
      const role = isFirst ? { role: 'assistant' } : {};
      const delta = toDelta(reply);
      if (tokens === undefined) yield chunk({ ...role, ...delta }, { finish_reason: null });
      else {
        // OpenAI's own client counts the probabilities of a first chunk twice; theirs has none.
        if (isFirst) yield chunk({ ...role, content: '' }, { finish_reason: null });
        yield chunk(delta, { logprobs: toChatLogprobs(tokens), finish_reason: null });
      }
      isFirst = false;
    }
  }
  if (withUsage) yield { ...head, object, choices: [], usage: toUsage(ended, choices.length) };
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
