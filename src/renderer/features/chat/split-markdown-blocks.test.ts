import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_BLOCKS, splitMarkdownBlocks } from './split-markdown-blocks.ts';

const SAMPLE = `# Title

One paragraph
over two lines.

- a list
- of two

  with a second paragraph

\`\`\`ts
const a = 1;

const b = 2;
\`\`\`

| a | b |
|---|---|
| 1 | 2 |

The end.`;

describe('splitMarkdownBlocks', () => {
  it('keeps a list, a fence and a table whole', () => {
    const blocks = splitMarkdownBlocks(SAMPLE).blocks.map((block) => block.trimEnd());
    expect(blocks).toHaveLength(6);
    expect(blocks[2]).toBe('- a list\n- of two\n\n  with a second paragraph');
    expect(blocks[3]).toContain('const b = 2;');
    expect(blocks[4]).toContain('| 1 | 2 |');
  });

  it('gives the same blocks when the text arrives a few characters at a time', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 20, maxLength: 120 }), (sizes) => {
        let state = NO_BLOCKS;
        let end = 0;
        for (const size of sizes) {
          end += size;
          state = splitMarkdownBlocks(SAMPLE.slice(0, end), state);
        }
        expect(splitMarkdownBlocks(SAMPLE, state).blocks).toEqual(splitMarkdownBlocks(SAMPLE).blocks);
      }),
    );
  });

  it('loses and invents no character', () => {
    const piece = fc.constantFrom(
      '# ',
      '\n',
      '\n\n',
      '- ',
      '> ',
      '```',
      '`',
      '|',
      'word ',
      '  ',
      '\t',
      '1. ',
      '---',
      '中文',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        expect(splitMarkdownBlocks(text).blocks.join('')).toBe(text);
      }),
    );
  });

  it('starts again when the text is another one', () => {
    const first = splitMarkdownBlocks('one\n\ntwo');
    expect(splitMarkdownBlocks('three', first).blocks).toEqual(['three']);
  });
});
