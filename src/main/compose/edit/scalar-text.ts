import { isScalar, parseDocument, type Scalar } from 'yaml';

export type ScalarValue = string | number;

export interface ScalarWish {
  /** How the value that is replaced is written. */
  readonly existing?: Scalar;
  readonly quote: 'QUOTE_DOUBLE' | 'QUOTE_SINGLE';
  readonly inFlow: boolean;
}

/** YAML of a value: in the style of what it replaces where that can hold it, quoted where a reader could misread it. */
export function scalarText(value: ScalarValue, wish: ScalarWish): string {
  const type = wish.existing?.type;
  const quoted = type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE';
  if (typeof value === 'number' && !quoted) return String(value);
  const text = String(value);
  const plainAgain =
    type === 'PLAIN' && typeof wish.existing?.value !== 'string' && wish.existing?.value !== null;
  if (plainAgain && CANONICAL.test(text)) return text;
  const candidates = [
    ...(quoted || (type === undefined && NEEDS_QUOTES.test(text)) ? [] : [text]),
    inQuotes(text, quoted ? type : wish.quote),
    inQuotes(text, 'QUOTE_DOUBLE'),
  ];
  return candidates.find((candidate) => readsBack(candidate, text, wish.inFlow)) ?? doubleQuoted(text);
}

/** YAML of a key. */
export function keyText(key: string, quoted: boolean): string {
  return !quoted && !NEEDS_QUOTES.test(key) && keyReadsBack(key) ? key : doubleQuoted(key);
}

/** Numbers and booleans that every reader prints as they are written. */
const CANONICAL = /^(?:-?(?:0|[1-9]\d{0,14})(?:\.\d{0,10}[1-9])?|true|false)$/;

/** `80:80`, which old readers take for a number of base 60, and `$`, which Compose fills in: plain only where the author wrote so. */
const NEEDS_QUOTES = /\$|^\d[^\n]*:|^$|^<<$/;

function inQuotes(text: string, type: 'QUOTE_DOUBLE' | 'QUOTE_SINGLE'): string {
  return type === 'QUOTE_SINGLE' ? `'${text.replaceAll("'", "''")}'` : doubleQuoted(text);
}

/** JSON's strings are YAML's, but YAML wants more characters escaped. */
function doubleQuoted(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The same string for readers of YAML 1.1 (`yes`, `22:22`, dates) and of 1.2. */
function readsBack(candidate: string, value: string, inFlow: boolean): boolean {
  if (/[\r\n]/.test(candidate)) return false;
  const source = inFlow ? `{k: ${candidate}}` : `k: ${candidate}`;
  return (['1.1', '1.2'] as const).every((version) => {
    const document = parseDocument(source, { version, logLevel: 'silent' });
    const node = document.errors.length > 0 ? undefined : document.get('k', true);
    return isScalar(node) && node.value === value && node.comment == null && node.tag === undefined;
  });
}

function keyReadsBack(key: string): boolean {
  return ['1.1', '1.2'].every((version) => {
    const document = parseDocument(`{${key}: v}`, {
      version: version as '1.1' | '1.2',
      merge: true,
      logLevel: 'silent',
    });
    if (document.errors.length > 0) return false;
    const data: unknown = document.toJS({ mapAsMap: true });
    return data instanceof Map && data.size === 1 && data.get(key) === 'v';
  });
}
