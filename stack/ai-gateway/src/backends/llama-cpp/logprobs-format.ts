import type { JsonObject } from '../../json.ts';
import type { TokenText } from './engine/inference-protocol.ts';

/** `logprobs` of a choice of chat completions. */
export function toChatLogprobs(tokens: readonly TokenText[]): JsonObject {
  return {
    content: tokens.map(({ top, ...token }) => ({ ...toToken(token), top_logprobs: top.map(toToken) })),
    refusal: null,
  };
}

function toToken({ logprob, text }: Omit<TokenText, 'top'>): JsonObject {
  return { token: text, logprob, bytes: bytesOf(text) };
}

const UNKNOWN_CHARACTER = '\ufffd';

/** A part of a character has bytes that its text does not tell. */
function bytesOf(text: string): number[] | null {
  return text.includes(UNKNOWN_CHARACTER) ? null : [...Buffer.from(text)];
}

/** `logprobs` of a choice of completions. @param offset of the first of these tokens in the text of the choice */
export function toTextLogprobs(tokens: readonly TokenText[], offset: number): JsonObject {
  let end = offset;
  return {
    tokens: tokens.map(({ text }) => text),
    token_logprobs: tokens.map(({ logprob }) => logprob),
    top_logprobs: tokens.map(({ logprob, top }) =>
      // Parts of characters may look the same; the likeliest stands first, and what is set last stays.
      logprob === null ? null : Object.fromEntries(top.toReversed().map((one) => [one.text, one.logprob])),
    ),
    text_offset: tokens.map(({ text }) => {
      const start = end;
      end += text.length;
      return start;
    }),
  };
}
