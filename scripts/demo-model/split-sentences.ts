import { SPACE } from './tokens.ts';

/**
 * Cuts every sentence into tokens of which no two are the same anywhere in the script.
 *
 * The model knows nothing but the last token. When a token occurs once only, that is enough to go on with the right
 * sentence: it never wanders from the middle of one into another. So a word that the script has twice is joined with
 * the words after it until the piece is unique.
 */
export function splitSentences(
  stages: readonly (readonly string[])[],
): readonly (readonly (readonly string[])[])[] {
  const taken = new Set<string>();
  return stages.map((stage, index) =>
    stage.map((sentence) => {
      const pieces = splitSentence(index === 0 ? sentence : withSpace(sentence), taken);
      for (const piece of pieces) taken.add(piece);
      return pieces;
    }),
  );
}

/** A sentence follows the one before after a space, unless it begins a paragraph. The first follows nothing. */
const withSpace = (sentence: string): string => (sentence.startsWith('\n') ? sentence : ` ${sentence}`);

function splitSentence(sentence: string, taken: ReadonlySet<string>): readonly string[] {
  const words = sentence.match(/\s*\S+/g)?.map((word) => word.replaceAll(' ', SPACE)) ?? [];
  const pieces: string[] = [];
  let piece = '';
  for (const word of words) {
    piece += word;
    if (taken.has(piece) || pieces.includes(piece)) continue;
    pieces.push(piece);
    piece = '';
  }
  // What is left over at the end belongs to the piece before it.
  if (piece) pieces.push((pieces.pop() ?? '') + piece);
  return pieces;
}
