import { type Phrase, phrase } from '../../../shared/errors/phrases/phrase.ts';
import { describeFound, invalid, type Located } from '../located.ts';
import { splitShellWords } from '../shell-words.ts';
import { type Codec, isNull, itemsOf, listOf, mapOf, scalarOf } from './codec.ts';
import { formatGoDuration, parseGoDuration } from './go-duration.ts';
import { goText, parseGoBytes, parseGoFloat, parseGoInt, shortestFloat32 } from './go-numbers.ts';

/** YAML's text and nothing else, as Compose wants it: `user: 1000` is a number. */
function textOf(node: Located): string {
  const { value } = scalarOf(node, phrase('text'));
  if (typeof value !== 'string')
    throw invalid(node.at, phrase('text'), phrase('text_without_quotes', { value: describeFound(node) }));
  return value;
}

export const text: Codec<string> = { read: (node) => textOf(node) || undefined };
/** One in a list, where an empty text counts. */
const item: Codec<string> = { read: textOf };
export const texts: Codec<readonly string[]> = listOf(item);
export const textOrTexts: Codec<readonly string[]> = {
  read: (node) => (node.kind === 'scalar' ? [textOf(node)] : texts.read(node)),
};

export function textMatching(pattern: RegExp, expected: Phrase): Codec<string> {
  return {
    read: (node) => {
      const value = textOf(node);
      if (!pattern.test(value)) throw invalid(node.at, expected, describeFound(node));
      return value;
    },
  };
}

/** Text, number, flag or nothing, as the text that Go prints. */
export const anyText: Codec<string> = {
  read: (node) => {
    if (node.kind !== 'scalar') throw invalid(node.at, phrase('text'), describeFound(node));
    return goText(node);
  },
};
export const textMap: Codec<Readonly<Record<string, string>>> = mapOf(anyText);
/** Null: the value is someone else's to give. */
export const environment: Codec<Readonly<Record<string, string | null>>> = mapOf({
  read: (node) => (isNull(node) ? null : anyText.read(node)),
});
/** Those without a value are left out. */
export const givenTexts: Codec<Readonly<Record<string, string>>> = mapOf({
  read: (node) => (isNull(node) ? undefined : anyText.read(node)),
});
export const textOrNumber: Codec<string> = {
  read: (node) => {
    const scalar = scalarOf(node, phrase('text_or_number'));
    if (typeof scalar.value === 'boolean')
      throw invalid(node.at, phrase('text_or_number'), describeFound(node));
    return goText(scalar);
  },
};
/** Options of drivers: a number is as good as a text, a flag is not. */
export const options: Codec<Readonly<Record<string, string>>> = mapOf(textOrNumber);

function flagOf(node: Located): boolean {
  const { value } = scalarOf(node, phrase('true_or_false'));
  const word = String(value).toLowerCase();
  if (value === true || (typeof value === 'string' && ['true', 'yes', 'y', 'on'].includes(word))) return true;
  if (value === false || (typeof value === 'string' && ['false', 'no', 'n', 'off'].includes(word)))
    return false;
  throw invalid(node.at, phrase('true_or_false'), describeFound(node));
}

/** False is left out. */
export const flag: Codec<boolean> = { read: (node) => flagOf(node) || undefined };
/** A pointer in Go: what is said is kept. */
export const flagAsSaid: Codec<boolean> = { read: flagOf };
/** Without the words: Compose takes only YAML's own. */
export const strictFlag: Codec<boolean> = {
  read: (node) => {
    if (node.kind !== 'scalar' || typeof node.value !== 'boolean')
      throw invalid(node.at, phrase('true_or_false'), describeFound(node));
    return node.value;
  },
};
export const flagAsText: Codec<string> = {
  read: (node) => {
    const scalar = scalarOf(node, phrase('text_true_or_false'));
    if (typeof scalar.value === 'number')
      throw invalid(node.at, phrase('text_true_or_false'), describeFound(node));
    return goText(scalar) || undefined;
  },
};

export function wholeOf(node: Located, expected: Phrase = phrase('whole_number')): number {
  const { value } = scalarOf(node, expected);
  const whole = typeof value === 'string' ? parseGoInt(value) : value;
  if (typeof whole !== 'number' || !Number.isInteger(whole))
    throw invalid(node.at, expected, describeFound(node));
  return whole;
}

function truncatedOf(node: Located): number {
  const { value } = scalarOf(node, phrase('number'));
  return typeof value === 'number' && Number.isFinite(value) ? Math.trunc(value) : wholeOf(node);
}

/** Where Compose takes any number and cuts it off; zero is left out. */
export const truncated: Codec<number> = { read: (node) => truncatedOf(node) || undefined };
/** The same, and zero is kept. */
export const truncatedAsSaid: Codec<number> = { read: truncatedOf };

/** Zero is left out. */
export const whole: Codec<number> = { read: (node) => wholeOf(node) || undefined };
/** A pointer in Go: zero is kept. */
export const wholeAsSaid: Codec<number> = { read: (node) => wholeOf(node) };

export function wholeBetween(low: number, high: number): Codec<number> {
  const expected: Phrase = phrase('whole_number_between', { low, high });
  return {
    read: (node) => {
      const number = wholeOf(node, expected);
      if (number < low || number > high) throw invalid(node.at, expected, describeFound(node));
      return number || undefined;
    },
  };
}

/** Rates and shares: 32-bit floats in Go. */
export const amount: Codec<number> = {
  read: (node) => {
    const { value } = scalarOf(node, phrase('number'));
    const number = typeof value === 'string' ? parseGoFloat(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number))
      throw invalid(node.at, phrase('number'), describeFound(node));
    return shortestFloat32(number) || undefined;
  },
};

/** Bytes as decimal text. A number with a fraction is nothing to Compose. */
export const bytes: Codec<string> = {
  read: (node) => {
    const scalar = scalarOf(node, phrase('size'));
    if (typeof scalar.value === 'number') {
      const isWhole = Number.isInteger(scalar.value) && !/[.e]/i.test(scalar.text.replace(/^0x.*/i, ''));
      return isWhole && scalar.value !== 0 ? goText(scalar) : undefined;
    }
    const size = typeof scalar.value === 'string' ? parseGoBytes(scalar.value) : undefined;
    if (size === undefined) throw invalid(node.at, phrase('size'), describeFound(node));
    return size === '0' ? undefined : size;
  },
};
/** Where Compose takes no number with a fraction. */
export const wholeBytes: Codec<string> = {
  read: (node) => {
    if (node.kind === 'scalar' && typeof node.value === 'number') wholeOf(node, phrase('size'));
    return bytes.read(node);
  },
};
/** Where Compose takes no bare number. */
export const bytesText: Codec<string> = {
  read: (node) => {
    textOf(node);
    return bytes.read(node);
  },
};

export const duration: Codec<string> = {
  read: (node) => {
    const nanoseconds = parseGoDuration(textOf(node));
    if (nanoseconds === undefined) throw invalid(node.at, phrase('duration'), describeFound(node));
    return formatGoDuration(nanoseconds);
  },
};

/** A mode such as 0440: digits in quotes are octal, a number is what YAML read. */
export const fileMode: Codec<string> = {
  read: (node) => {
    const { value } = scalarOf(node, phrase('mode', { example: '0440' }));
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0)
      return `0${value.toString(8)}`;
    if (typeof value === 'string' && /^[0-7]{1,12}$/.test(value))
      return `0${Number.parseInt(value, 8).toString(8)}`;
    throw invalid(node.at, phrase('mode', { example: '0440' }), describeFound(node));
  },
};

/** A line is split into words; null is the image's own command, an empty one is none. */
export const command: Codec<readonly string[] | null> = {
  read: (node) => {
    if (isNull(node)) return null;
    if (node.kind === 'list') return itemsOf(node).map(textOf);
    const words = splitShellWords(textOf(node));
    if (words === undefined) throw invalid(node.at, phrase('command_closed_plain'), describeFound(node));
    return words;
  },
  absent: null,
};
