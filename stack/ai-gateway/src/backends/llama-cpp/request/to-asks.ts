import { randomUUID } from 'node:crypto';
import { LIMITS } from '../../../dialects/shapes/limits.ts';
import { GatewayError } from '../../../gateway-error.ts';
import type { JsonObject } from '../../../json.ts';
import type {
  ChatGeneration,
  EmbeddingGeneration,
  TextGeneration,
} from '../../../pipeline/generation-request.ts';
import type { ChatAsk, CompleteAsk, EmbedAsk, Sampling, TextOrTokens } from '../engine/inference-protocol.ts';
import { llamaCannot, refuseChatFields, refuseCompletionFields } from './llama-unsupported.ts';
import { toAnswerFormat } from './to-answer-format.ts';
import { chatChances, textChances } from './to-chances.ts';
import { toSampling } from './to-sampling.ts';
import { toToolWish } from './to-tools.ts';
import { toWorkerMessages } from './to-worker-messages.ts';

/*
 * Each ask has an id of its own. The request's would not do: it is the caller's to choose, and several requests at once may
 * have the same.
 */

/** One for each choice. */
export function toChatAsks({ fields, messages }: ChatGeneration): ChatAsk[] {
  refuseChatFields(fields);
  const wish = toToolWish(fields);
  const format = toAnswerFormat(fields.response_format);
  if (format.kind !== 'text' && wish.tools.length > 0 && wish.toolUse === 'auto')
    throw llamaCannot('keep to a "response_format" while it may call tools', 'response_format');
  const ask = { type: 'chat', messages: toWorkerMessages(messages), ...wish, format } as const;
  const chances = chatChances(fields);
  // A sequence that stops is for words; in the middle of a call that must be it would leave half of one.
  const choices = samplings(wish.toolUse === 'required' ? { ...fields, stop: undefined } : fields);
  if (choices[0]?.maxTokens === 0) throw llamaCannot('answer with no token at all', 'max_tokens');
  return choices.map((sampling) => ({ ...ask, id: randomUUID(), sampling, ...chances }));
}

/** One for each choice of the first prompt, then of the second, and so on. */
export function toCompleteAsks({ fields, prompt }: TextGeneration): CompleteAsk[] {
  refuseCompletionFields(fields, choicesOf(fields));
  const { suffix } = fields;
  const ask = {
    type: 'complete',
    echo: fields.echo === true,
    format: toAnswerFormat(fields.response_format),
    ...(typeof suffix === 'string' && suffix !== '' ? { suffix } : {}),
    ...textChances(fields),
  } as const;
  const choices = samplings(fields);
  return inputsOf(prompt).flatMap((one) =>
    choices.map((sampling) => ({ ...ask, id: randomUUID(), prompt: one, sampling })),
  );
}

/** How many answers are wanted to each prompt. @throws {GatewayError} `invalid_request` */
export function choicesOf({ n }: Readonly<JsonObject>): number {
  if (n === undefined || n === null) return 1;
  if (typeof n === 'number' && Number.isInteger(n) && n >= 1 && n <= LIMITS.choices) return n;
  throw new GatewayError('invalid_request', `"n" is a whole number from 1 to ${LIMITS.choices}.`, {
    param: 'n',
  });
}

const SEEDS = 2 ** 32;

/** The sampling of each choice: with one seed for all they would be the same. */
function samplings(fields: Readonly<JsonObject>): Sampling[] {
  const sampling = toSampling(fields);
  const { seed } = sampling;
  return Array.from({ length: choicesOf(fields) }, (_, index) =>
    seed === undefined ? sampling : { ...sampling, seed: (seed + index) % SEEDS },
  );
}

export function toEmbedAsk({ input }: EmbeddingGeneration): EmbedAsk {
  return { type: 'embed', id: randomUUID(), inputs: inputsOf(input) };
}

/** A text, texts, tokens or lists of tokens, as a list. */
function inputsOf(given: unknown): TextOrTokens[] {
  if (typeof given === 'string') return [given];
  if (!Array.isArray(given) || given.length === 0)
    throw new GatewayError('invalid_request', 'There is nothing to read.', { param: 'input' });
  return typeof given[0] === 'number' ? [given as number[]] : (given as TextOrTokens[]);
}
