import { Lexer } from 'marked';

export interface MarkdownBlocks {
  readonly text: string;
  readonly blocks: readonly string[];
}

export const NO_BLOCKS: MarkdownBlocks = { text: '', blocks: [] };

/** The last block is open while text arrives, and the one before it may still join with it (lists, paragraphs). */
const OPEN_BLOCKS = 2;

/**
 * Splits Markdown into its top-level blocks, so that a streaming answer only renders the block that grows.
 *
 * When `previous` is a prefix, only its last blocks and what came after are read again: the cost of a token does not
 * grow with the length of the answer.
 */
export function splitMarkdownBlocks(text: string, previous: MarkdownBlocks = NO_BLOCKS): MarkdownBlocks {
  if (text === previous.text) return previous;
  const kept =
    previous.text !== '' && text.startsWith(previous.text) ? previous.blocks.slice(0, -OPEN_BLOCKS) : [];
  const from = kept.reduce((length, block) => length + block.length, 0);
  return { text, blocks: [...kept, ...readBlocks(text.slice(from))] };
}

/** Blank lines belong to the block before them, so that the blocks joined are the text again. */
function readBlocks(source: string): string[] {
  const text = source.replace(/\r\n?/g, '\n');
  const blocks: string[] = [];
  let offset = 0;
  for (const token of new Lexer({ gfm: true }).blockTokens(text, [])) {
    const length = token.raw.length;
    const raw = text.slice(offset, offset + length);
    offset += length;
    const last = blocks.length - 1;
    if (token.type === 'space' && last >= 0) blocks[last] += raw;
    else blocks.push(raw);
  }
  const rest = text.slice(offset);
  if (rest !== '') blocks.push(rest);
  return blocks;
}
