import { COMMON_WORDS } from './common-words.ts';
import {
  BEGIN_OF_TEXT,
  END_OF_TEXT,
  SPACE,
  TOKEN_KIND,
  type Token,
  TURN_END,
  TURN_START,
  type Vocabulary,
} from './tokens.ts';

const FIRST_PRINTABLE = 33;
const LAST_PRINTABLE = 126;
/** llama.cpp multiplies in blocks of 32 rows. */
const ALIGNMENT = 32;

/**
 * Numbers the tokens: specials, bytes, characters, pieces of common words, then what the model itself says.
 *
 * Every byte is a token, so any prompt in any language can be read.
 */
export function buildVocabulary(spoken: readonly string[]): Vocabulary {
  const tokens: Token[] = [];
  const ids = new Map<string, number>();
  const add = (text: string, kind: Token['kind'], score = 0): void => {
    // llama.cpp aborts on two tokens of the same text.
    if (ids.has(text)) return;
    ids.set(text, tokens.length);
    tokens.push({ text, score, kind });
  };
  add('<unk>', TOKEN_KIND.unknown);
  add(BEGIN_OF_TEXT, TOKEN_KIND.control);
  add(END_OF_TEXT, TOKEN_KIND.control);
  for (let byte = 0; byte < 256; byte += 1) {
    add(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`, TOKEN_KIND.byte);
  }
  add(SPACE, TOKEN_KIND.normal, -1000);
  for (let code = FIRST_PRINTABLE; code <= LAST_PRINTABLE; code += 1) {
    add(String.fromCharCode(code), TOKEN_KIND.normal, -1000 - code);
  }
  for (const word of COMMON_WORDS) addWithPrefixes(`${SPACE}${word}`, add);
  for (const text of spoken) add(text, TOKEN_KIND.normal, -2000);
  add(TURN_START, TOKEN_KIND.control);
  add(TURN_END, TOKEN_KIND.control);
  while (tokens.length % ALIGNMENT !== 0) add(`<unused${tokens.length}>`, TOKEN_KIND.unused);
  return { tokens, idOf: (text) => found(ids.get(text), text) };
}

/** SentencePiece joins two neighbours at a time, so a word is found only when all of its beginnings are tokens too. */
function addWithPrefixes(
  word: string,
  add: (text: string, kind: Token['kind'], score: number) => void,
): void {
  for (let length = 2; length <= word.length; length += 1) {
    add(word.slice(0, length), TOKEN_KIND.normal, -500 + length);
  }
}

function found(id: number | undefined, text: string): number {
  if (id === undefined) throw new Error(`No such token: ${JSON.stringify(text)}`);
  return id;
}
