/** What a token is, in the numbers of the GGUF format. */
export const TOKEN_KIND = { normal: 1, unknown: 2, control: 3, unused: 5, byte: 6 } as const;

export interface Token {
  readonly text: string;
  /** SentencePiece joins the pair of the highest score first. */
  readonly score: number;
  readonly kind: (typeof TOKEN_KIND)[keyof typeof TOKEN_KIND];
}

export interface Vocabulary {
  readonly tokens: readonly Token[];
  readonly idOf: (text: string) => number;
}

export const BEGIN_OF_TEXT = '<s>';
export const END_OF_TEXT = '</s>';
export const TURN_START = '<|im_start|>';
export const TURN_END = '<|im_end|>';
/** SentencePiece writes a space as this character. */
export const SPACE = '▁';
