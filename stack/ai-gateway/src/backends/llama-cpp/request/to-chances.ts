import { z } from 'zod';
import { GatewayError } from '../../../gateway-error.ts';
import type { JsonObject } from '../../../json.ts';
import type { ChatAsk } from '../engine/inference-protocol.ts';
import { llamaCannot } from './llama-unsupported.ts';

type Chances = Pick<ChatAsk, 'chances'>;

const MAX_ALTERNATIVES = 20;

/** `logprobs: true` of chat completions, and how many alternatives to each token with `top_logprobs`. */
export function chatChances({ logprobs, top_logprobs: top }: Readonly<JsonObject>): Chances {
  const chances = toChances(top ?? 0, 'top_logprobs');
  if (logprobs === true) return chances;
  if (chances.chances !== 0)
    throw new GatewayError('invalid_request', '"top_logprobs" needs "logprobs": true beside it.', {
      param: 'top_logprobs',
    });
  return {};
}

/** `logprobs` of completions says how many alternatives, and 0 is a number of them. */
export function textChances({ logprobs }: Readonly<JsonObject>): Chances {
  return logprobs === undefined || logprobs === null ? {} : toChances(logprobs, 'logprobs');
}

function toChances(given: unknown, param: string): Chances {
  const alternatives = z.int().min(0).safeParse(given);
  if (!alternatives.success)
    throw new GatewayError('invalid_request', `"${param}" is a whole number from 0 to ${MAX_ALTERNATIVES}.`, {
      param,
    });
  if (alternatives.data > MAX_ALTERNATIVES)
    throw llamaCannot(`tell more than ${MAX_ALTERNATIVES} alternatives to a token`, param);
  return { chances: alternatives.data };
}
