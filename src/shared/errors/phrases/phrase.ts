import { PHRASES, type PhraseKey } from './phrases.ts';

/** A piece of text that each language words for itself. */
export interface Phrase {
  readonly key: PhraseKey;
  readonly params: Readonly<Record<string, PhraseValue>>;
}

export type PhraseValue = string | number | Phrase;

type Placeholders<T extends string> = T extends `${string}{{${infer Name}}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

type ParamsOf<K extends PhraseKey> = Placeholders<(typeof PHRASES)[K]>;

/** What the text names has to be given: `phrase('at_most_values', { count })`. */
export function phrase<K extends PhraseKey>(
  key: K,
  ...[params]: [ParamsOf<K>] extends [never] ? [] : [Readonly<Record<ParamsOf<K>, PhraseValue>>]
): Phrase {
  return { key, params: params ?? {} };
}

/** What stands in a file or was said by another program: the same in every language. */
export function verbatim(text: string): Phrase {
  return phrase('verbatim', { text });
}

/** For terminals and logs. */
export function inEnglish({ key, params }: Phrase): string {
  return PHRASES[key].replaceAll(/\{\{(\w+)\}\}/g, (_whole, name: string) => {
    const value = params[name] ?? '';
    return typeof value === 'object' ? inEnglish(value) : String(value);
  });
}
