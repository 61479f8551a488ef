import { gatewayPhrases } from '../errors/phrases/gateway-phrases.ts';
import { type Phrase, phrase, verbatim } from '../errors/phrases/phrase.ts';

/** What the gateway says of a failure, by its own code and sentence. */
export function gatewayWords(code: string | undefined, message: string): Phrase {
  const key = `gateway_code_${code}`;
  return isKnown(key) ? phrase(key, { message }) : verbatim(message);
}

function isKnown(key: string): key is keyof typeof gatewayPhrases {
  return Object.hasOwn(gatewayPhrases, key);
}
