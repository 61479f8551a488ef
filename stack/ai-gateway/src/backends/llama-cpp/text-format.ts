import type { JsonObject } from '../../json.ts';
import type { AnswerHead } from './chat-format.ts';
import type { Done } from './engine/inference-protocol.ts';
import { toUsage } from './usage-format.ts';
import type { GenerationReply } from './worker-replies.ts';

/** One prompt on its way: what stands before the answer (`echo`), and how to have it answered. */
export interface PromptRun {
  readonly echo: string;
  readonly start: () => AsyncIterable<GenerationReply>;
}

/** OpenAI's `text_completion` chunks of all prompts, one after the other. */
export async function* toTextChunks(
  prompts: readonly PromptRun[],
  head: AnswerHead,
  withUsage: boolean,
): AsyncGenerator<JsonObject> {
  const chunk = (index: number, text: string, finishReason: string | null = null): JsonObject => ({
    ...head,
    object: 'text_completion',
    choices: [{ index, text, logprobs: null, finish_reason: finishReason }],
  });
  const ended: Done[] = [];
  for (const [index, { echo, start }] of prompts.entries()) {
    if (echo !== '') yield chunk(index, echo);
    for await (const reply of start()) {
      if (reply.type === 'delta') yield chunk(index, reply.text);
      if (reply.type !== 'done') continue;
      ended.push(reply);
      yield chunk(index, '', reply.finishReason);
    }
  }
  if (withUsage) yield { ...head, object: 'text_completion', choices: [], usage: toUsage(ended) };
}

/** The same as one whole answer. */
export async function collectTexts(prompts: readonly PromptRun[], head: AnswerHead): Promise<JsonObject> {
  const choices: JsonObject[] = [];
  const ended: Done[] = [];
  for (const [index, { echo, start }] of prompts.entries()) {
    let text = echo;
    for await (const reply of start()) {
      if (reply.type === 'delta') text += reply.text;
      if (reply.type === 'done') ended.push(reply);
    }
    const finishReason = ended.at(-1)?.finishReason ?? 'stop';
    choices.push({ index, text, logprobs: null, finish_reason: finishReason });
  }
  return { ...head, object: 'text_completion', choices, usage: toUsage(ended) };
}
