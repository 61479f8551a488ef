import { GatewayError } from '../../../gateway-error.ts';
import type {
  ChatGeneration,
  EmbeddingGeneration,
  TextGeneration,
} from '../../../pipeline/generation-request.ts';
import type { ChatAsk, CompleteAsk, EmbedAsk, TextOrTokens } from '../engine/inference-protocol.ts';
import { llamaCannot, refuseChatFields, refuseCompletionFields } from './llama-unsupported.ts';
import { toAnswerFormat } from './to-answer-format.ts';
import { toSampling } from './to-sampling.ts';
import { toToolWish } from './to-tools.ts';
import { toWorkerMessages } from './to-worker-messages.ts';

export function toChatAsk(id: string, { fields, messages }: ChatGeneration): ChatAsk {
  refuseChatFields(fields);
  const wish = toToolWish(fields);
  const format = toAnswerFormat(fields.response_format);
  if (format.kind !== 'text' && wish.tools.length > 0 && wish.toolUse === 'auto')
    throw llamaCannot('keep to a "response_format" while it may call tools', 'response_format');
  return {
    type: 'chat',
    id,
    messages: toWorkerMessages(messages),
    sampling: toSampling(fields),
    ...wish,
    format,
  };
}

/** One for each prompt of the request. */
export function toCompleteAsks(id: string, { fields, prompt }: TextGeneration): CompleteAsk[] {
  refuseCompletionFields(fields);
  const sampling = toSampling(fields);
  const format = toAnswerFormat(fields.response_format);
  const { suffix } = fields;
  return inputsOf(prompt).map((one, index) => ({
    type: 'complete',
    id: `${id}#${index}`,
    prompt: one,
    sampling,
    format,
    ...(typeof suffix === 'string' && suffix !== '' ? { suffix } : {}),
  }));
}

export function toEmbedAsk(id: string, { input }: EmbeddingGeneration): EmbedAsk {
  return { type: 'embed', id, inputs: inputsOf(input) };
}

/** A text, texts, tokens or lists of tokens, as a list. */
function inputsOf(given: unknown): TextOrTokens[] {
  if (typeof given === 'string') return [given];
  if (!Array.isArray(given) || given.length === 0)
    throw new GatewayError('invalid_request', 'There is nothing to read.', { param: 'input' });
  return typeof given[0] === 'number' ? [given as number[]] : (given as TextOrTokens[]);
}
