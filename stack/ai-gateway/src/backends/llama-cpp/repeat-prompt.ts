import type { StartChoice } from './chat-format.ts';
import type { CompleteAsk } from './engine/inference-protocol.ts';
import type { GenerationReply } from './worker-replies.ts';

type Begin = (ask: CompleteAsk) => AsyncIterable<GenerationReply>;

/**
 * What is told of a prompt is the same before each of its answers: it is read for the first one, and said again before the
 * others. With probabilities it would be evaluated from the beginning each time.
 *
 * @param asks of each choice of the first prompt, then of the second, and so on
 * @param choices of each prompt, which are started one after the other
 */
export function readPromptsOnce(asks: readonly CompleteAsk[], choices: number, begin: Begin): StartChoice[] {
  let told: GenerationReply[] = [];
  return asks.map((ask, index) => {
    if (!ask.echo || choices === 1) return () => begin(ask);
    if (index % choices > 0) return () => saidAgain(told, () => begin({ ...ask, echo: false }));
    return () => {
      told = [];
      return keepingPrompt(begin(ask), told);
    };
  });
}

async function* keepingPrompt(
  replies: AsyncIterable<GenerationReply>,
  told: GenerationReply[],
): AsyncGenerator<GenerationReply> {
  for await (const reply of replies) {
    if (isOfPrompt(reply)) told.push(reply);
    yield reply;
  }
}

async function* saidAgain(
  told: readonly GenerationReply[],
  begin: () => AsyncIterable<GenerationReply>,
): AsyncGenerator<GenerationReply> {
  yield* told;
  yield* begin();
}

export function isOfPrompt(reply: GenerationReply): boolean {
  return reply.type === 'delta' && reply.ofPrompt === true;
}
