import { GatewayError } from '../../../gateway-error.ts';
import type { JsonObject } from '../../../json.ts';
import type { ChatAsk } from '../engine/inference-protocol.ts';
import { llamaCannot } from './llama-unsupported.ts';

type Chances = Pick<ChatAsk, 'chances'>;

const MAX_ALTERNATIVES = 20;

/** `logprobs: true` of chat completions, and how many alternatives to each token with `top_logprobs`. */
export function chatChances({ logprobs, top_logprobs: top }: Readonly<JsonObject>): Chances {
  const alternatives = typeof top === 'number' ? top : 0;
  if (logprobs !== true && alternatives > 0)
    throw new GatewayError('invalid_request', '"top_logprobs" needs "logprobs": true beside it.', {
      param: 'top_logprobs',
    });
  return logprobs === true ? bounded(alternatives, 'top_logprobs') : {};
}

/** `logprobs` of completions says how many alternatives, and 0 is a number of them. */
export function textChances({ logprobs }: Readonly<JsonObject>): Chances {
  return typeof logprobs === 'number' ? bounded(logprobs, 'logprobs') : {};
}

function bounded(alternatives: number, param: string): Chances {
  if (alternatives > MAX_ALTERNATIVES)
    throw llamaCannot(`tell more than ${MAX_ALTERNATIVES} alternatives to a token`, param);
  return { chances: alternatives };
}
