import type { JsonObject } from '../../json.ts';
import type { AnswerHead, StartChoice } from './chat-format.ts';
import type { Done } from './engine/inference-protocol.ts';
import { toTextLogprobs } from './logprobs-format.ts';
import { toUsage } from './usage-format.ts';

/**
 * OpenAI's `text_completion` chunks, one answer after the other.
 *
 * @param runs of each choice of the first prompt, then of the second, and so on
 */
export async function* toTextChunks(
  runs: readonly StartChoice[],
  head: AnswerHead,
  { choices, withUsage }: { readonly choices: number; readonly withUsage: boolean },
): AsyncGenerator<JsonObject> {
  const object = 'text_completion';
  const ended: Done[] = [];
  for (const [index, start] of runs.entries()) {
    const chunk = (text: string, logprobs: JsonObject | null, finishReason: string | null): JsonObject => ({
      ...head,
      object,
      choices: [{ index, text, logprobs, finish_reason: finishReason }],
    });
    let length = 0;
    for await (const reply of start()) {
      if (reply.type === 'delta') {
        const { text, tokens } = reply;
        yield chunk(text, tokens === undefined ? null : toTextLogprobs(tokens, length), null);
        length += text.length;
      }
      if (reply.type !== 'done') continue;
      ended.push(reply);
      yield chunk('', null, reply.finishReason);
    }
  }
  if (withUsage) yield { ...head, object, choices: [], usage: toUsage(ended, choices) };
}
