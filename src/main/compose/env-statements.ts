import { inEnglish, type Phrase, phrase } from '../../shared/errors/phrases/phrase.ts';

/** What Go's `unicode.IsSpace` takes for white space; JavaScript's `\s` differs in two characters. */
const ANY_SPACE = /[\t-\r \x85\xA0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]/u;
/** Within a line, as Compose's reader sees it. */
const LINE_SPACE = '\t\v\f\r \x85\xA0';
const EXPORT = /export(?=[\t\n\f\r ])/y;
const NAME_CHAR = /[\p{L}\p{N}_.[\]-]/u;

/** One setting of a `.env` text as it is written: nothing is filled in or unescaped. */
export interface EnvStatement {
  readonly name: string;
  /** Absent: `NAME` on a line of its own takes its value from elsewhere. */
  readonly value?: {
    readonly quote: '"' | "'" | undefined;
    /** Without the quotes, and without the backslashes before quotes of the same kind. */
    readonly raw: string;
  };
  /** From the name, or `export` before it, to behind the value: offsets in the text. */
  readonly start: number;
  readonly end: number;
}

/** Thrown inside this folder only: the caller makes a coded error of it. */
export class EnvSyntaxError extends Error {
  override readonly name = 'EnvSyntaxError';
  readonly reason: Phrase;
  /** In the text. */
  readonly offset: number;

  constructor(reason: Phrase, offset: number) {
    super(inEnglish(reason));
    this.reason = reason;
    this.offset = offset;
  }
}

/**
 * Takes a `.env` text apart as Compose does, which is no shell: one setting may follow another on the same line after a
 * quote, names may begin with digits, and a name that the text ends with, without `=` or a line end, is a value without a name.
 * Source: `dotenv/parser.go` of compose-go 2.9.
 *
 * @throws EnvSyntaxError while it goes on.
 */
export function* envStatements(text: string): Generator<EnvStatement> {
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  for (;;) {
    const start = statementStart(text, at);
    if (start === -1) return;
    const statement = readStatement(text, start);
    yield statement;
    at = statement.end;
  }
}

/** Past white space and comments; -1 at the end. */
function statementStart(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    if (text[at] === '#') {
      const end = text.indexOf('\n', at);
      if (end === -1) return -1;
      at = end;
    } else if (ANY_SPACE.test(text[at] ?? '')) at += 1;
    else return at;
  }
  return -1;
}

function readStatement(text: string, start: number): EnvStatement {
  EXPORT.lastIndex = start;
  const from = EXPORT.test(text) ? skipSpace(text, start + 'export'.length) : start;
  if (from === text.length) throw new EnvSyntaxError(phrase('env_no_name_after_export'), start);
  const nameEnd = endOfName(text, from);
  // As Compose has it: what the text ends with is a value.
  if (nameEnd === text.length) return { name: '', ...readValue(text, from), start };
  const name = trimEnd(text.slice(from, nameEnd));
  if (name.includes(' ')) throw new EnvSyntaxError(phrase('env_space_in_name'), start);
  if (text[nameEnd] === '\n') return { name, start, end: nameEnd + 1 };
  return { name, ...readValue(text, skipSpace(text, nameEnd + 1)), start };
}

/** Where `=`, `:` or the line's end is; the text's length when there is none. */
function endOfName(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
    if (char === '=' || char === ':' || char === '\n') return at;
    if (!LINE_SPACE.includes(char) && !NAME_CHAR.test(char))
      throw new EnvSyntaxError(phrase('env_not_in_name', { char: JSON.stringify(char) }), at);
    at += char.length;
  }
  return at;
}

function readValue(text: string, from: number): Required<Pick<EnvStatement, 'value' | 'end'>> {
  const quote = text[from];
  if (quote === '"' || quote === "'") return readQuoted(text, from, quote);
  const newline = text.indexOf('\n', from);
  const line = text.slice(from, newline === -1 ? text.length : newline);
  const comment = line.indexOf(' #');
  const raw = trimEnd(comment === -1 ? line : line.slice(0, comment));
  return { value: { quote: undefined, raw }, end: from + raw.length };
}

function readQuoted(text: string, from: number, quote: '"' | "'") {
  let raw = '';
  let at = from + 1;
  let taken = at;
  for (; at < text.length; at += 1) {
    if (text[at] === quote) return { value: { quote, raw: raw + text.slice(taken, at) }, end: at + 1 };
    if (text[at] !== '\\') continue;
    if (text[at + 1] === quote) {
      raw += text.slice(taken, at);
      taken = at + 1;
    }
    at += 1;
  }
  throw new EnvSyntaxError(phrase('env_open_quote', { quote }), from);
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && LINE_SPACE.includes(text[at] ?? '')) at += 1;
  return at;
}

/** From the end, one by one: a pattern would look at every run of spaces again and again. */
function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && ANY_SPACE.test(text[end - 1] ?? '')) end -= 1;
  return text.slice(0, end);
}
