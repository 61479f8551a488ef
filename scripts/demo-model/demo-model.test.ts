import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildDemoModel } from './demo-model.ts';
import { readGguf } from './read-gguf.ts';
import { SCRIPT } from './script.ts';
import { splitSentences } from './split-sentences.ts';
import { SPACE, TURN_END } from './tokens.ts';
import { buildTransitions } from './transitions.ts';
import { buildVocabulary } from './vocabulary.ts';

describe('the demo model', () => {
  it('says what it is and stays small', () => {
    const file = buildDemoModel();
    const { metadata } = readGguf(file);
    expect(metadata.get('general.name')).toBe('Skilldeck demo');
    expect(metadata.get('general.architecture')).toBe('llama');
    expect(file.length).toBeLessThan(2 * 1024 * 1024);
  });

  it('is the same file every time', () => {
    expect(buildDemoModel().equals(buildDemoModel())).toBe(true);
  });

  it('has as many scores, kinds and embedding rows as tokens, no text twice', () => {
    const { metadata, tensors } = readGguf(buildDemoModel());
    const tokens = metadata.get('tokenizer.ggml.tokens') as string[];
    expect(new Set(tokens).size).toBe(tokens.length);
    expect(metadata.get('tokenizer.ggml.scores')).toHaveLength(tokens.length);
    expect(metadata.get('tokenizer.ggml.token_type')).toHaveLength(tokens.length);
    expect(tensors.find(({ name }) => name === 'token_embd.weight')?.dimensions[1]).toBe(tokens.length);
  });
});

describe('its chain', () => {
  const stages = splitSentences(SCRIPT);
  const { start, after } = buildTransitions(stages, TURN_END);

  it('speaks whole sentences, one of each stage, and always comes to an end', () => {
    const spoken = stages.map((stage) => stage.map((sentence) => sentence.join('')));
    const endings = walk(start, '');
    expect(endings).toHaveLength(SCRIPT.reduce((product, stage) => product * stage.length, 1));
    const everything = spoken.reduce<string[]>(
      (texts, stage) => texts.flatMap((text) => stage.map((sentence) => text + sentence)),
      [''],
    );
    expect(endings.sort()).toEqual(everything.sort());
  });

  it('prefers the first sentence of each stage', () => {
    let choice = start;
    let text = '';
    for (;;) {
      const next = [...choice].sort(([, a], [, b]) => b - a)[0]?.[0] ?? TURN_END;
      if (next === TURN_END) break;
      text += next;
      choice = after.get(next) ?? start;
    }
    expect(text.replaceAll(SPACE, ' ')).toBe(
      SCRIPT.map(([first = '']) => first).reduce(
        (all, part) => all + (part.startsWith('\n') ? part : ` ${part}`),
      ),
    );
  });

  function walk(choice: ReadonlyMap<string, number>, text: string): string[] {
    return [...choice.keys()].flatMap((token) =>
      token === TURN_END ? [text] : walk(after.get(token) ?? start, text + token),
    );
  }
});

describe('splitSentences', () => {
  it('never gives the same token twice, and loses no word', () => {
    const word = fc.constantFrom('a', 'b', 'c', 'go', 'on');
    const sentence = fc.array(word, { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.uniqueArray(sentence, { minLength: 1, maxLength: 5, selector: String }), (sentences) => {
        // Sentences differ in their last word, as real ones do with their full stop.
        const stage = sentences.map((words, index) => [...words, `end${index}.`].join(' '));
        const pieces = splitSentences([stage]).flat(1);
        expect(new Set(pieces.flat()).size).toBe(pieces.flat().length);
        expect(pieces.map((list) => list.join('').replaceAll(SPACE, ' '))).toEqual(stage);
      }),
    );
  });
});

describe('the vocabulary', () => {
  it('holds every beginning of a common word, so that the tokeniser can put it together', () => {
    const { idOf } = buildVocabulary([]);
    for (const text of ['▁q', '▁que', '▁question']) expect(idOf(text)).toBeGreaterThan(0);
  });

  it('holds all 256 bytes', () => {
    const { idOf } = buildVocabulary([]);
    expect(idOf('<0xFF>') - idOf('<0x00>')).toBe(255);
  });
});
