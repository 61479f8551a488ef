import type { LlamaModel, Token } from 'node-llama-cpp';
import type { AnswerChances, ToldChance } from './answer-chances.ts';
import type { Reply } from './inference-protocol.ts';
import { PROMPT_PIECE, readPromptChances } from './prompt-chances.ts';
import type { SequenceSlot } from './sequence-pool.ts';

export interface PromptTelling {
  readonly id: string;
  readonly model: LlamaModel;
  readonly slot: SequenceSlot;
  /** As it is to be told, to the last character. */
  readonly text: string;
  readonly prompt: readonly Token[];
  /** The prompt with what the model wants before it. */
  readonly tokens: readonly Token[];
  readonly chances: AnswerChances;
  readonly top: number;
  readonly signal: AbortSignal;
  readonly say: (reply: Reply) => void;
}

const HALF_A_CHARACTER = '\ufffd';

/** Reads a prompt anew and says it piece by piece, with the probabilities of its tokens. */
export async function tellPrompt({
  chances,
  id,
  model,
  prompt,
  say,
  signal,
  slot,
  text,
  tokens,
  top,
}: PromptTelling): Promise<void> {
  let at = 0;
  let before: Token[] = [];
  let piece: ToldChance[] = [];
  const sayPiece = (words: string): void => {
    say({ type: 'delta', id, text: words, reasoning: false, ofPrompt: true, tokens: chances.tell(piece) });
    at += words.length;
    before = piece.map(({ token }) => token);
    piece = [];
  };
  // What was put before the prompt is not told; its own first token is the first of all where nothing was.
  const [first] = prompt;
  if (first !== undefined && prompt.length === tokens.length)
    piece.push({ token: first, logprob: null, top: [] });
  for await (const read of readPromptChances(slot.sequence, tokens, top, signal)) {
    piece.push(...read);
    const words = model.detokenize(
      piece.map(({ token }) => token),
      true,
      before,
    );
    // The rest of a character comes with the next piece; what is no character at all is not waited for.
    if (words.endsWith(HALF_A_CHARACTER) && piece.length <= 2 * PROMPT_PIECE) continue;
    // Of the text that was given: some vocabularies spell it in another way.
    const end = at + words.length;
    const isAmidPair = /[\ud800-\udbff]/.test(text[end - 1] ?? '');
    sayPiece(text.slice(at, isAmidPair ? end + 1 : end));
  }
  if (piece.length > 0 || at < text.length) sayPiece(text.slice(at));
}
