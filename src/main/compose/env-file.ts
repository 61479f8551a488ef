import { AppError } from '../../shared/errors/app-error.ts';
import { InterpolationError, interpolate, type Variables, variable } from './interpolate.ts';

const LINE = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\s*(?:=[^\S\n]*|:[^\S\n]+)?/;
const MAX_CHARS = 256 * 1024;

/**
 * Reads a `.env` file as Compose does: quotes, `export`, comments, values over several lines, `$VAR`.
 *
 * @param outer what `$VAR` may also refer to, and what `NAME` without a value takes its value from.
 * @throws AppError `env.invalid` with the line.
 */
export function parseEnvFile(text: string, file: string, outer: Variables = {}): Record<string, string> {
  if (text.length > MAX_CHARS) throw envInvalid(file, 1, `longer than ${MAX_CHARS} characters`);
  const result: Record<string, string> = {};
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (/^\s*(#|$)/.test(line)) continue;
    const number = index + 1;
    const match = LINE.exec(line);
    if (match === null || !/[=:]/.test(match[0] + line.slice(match[0].length)))
      index = readBare(match, line, file, number, result, outer, index);
    else {
      if (!/[=:]/.test(match[0])) throw envInvalid(file, number, 'expected NAME=value');
      const rest = line.slice(match[0].length);
      const { value, used } = readValue(rest, lines, index, file, { ...outer, ...result });
      result[match[1] ?? ''] = value;
      index += used;
    }
  }
  return result;
}

/** Where a variable is written; lines count from 0, the last one included. */
export interface EnvPlace {
  readonly name: string;
  readonly firstLine: number;
  readonly lastLine: number;
}

/** The settings of a `.env` text in its order, without reading their values. Ends where a quote is never closed. */
export function locateEnv(text: string): readonly EnvPlace[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const places: EnvPlace[] = [];
  for (let firstLine = 0; firstLine < lines.length; firstLine += 1) {
    const line = lines[firstLine] ?? '';
    const match = /^\s*(#|$)/.test(line) ? null : LINE.exec(line);
    if (match === null || !/[=:]/.test(match[0])) continue;
    const rest = line.slice(match[0].length);
    const quoted = isQuote(rest[0]) ? readQuoted(rest, lines, firstLine) : { used: 0 };
    if (quoted === undefined) return places;
    places.push({ name: match[1] ?? '', firstLine, lastLine: firstLine + quoted.used });
    firstLine += quoted.used;
  }
  return places;
}

/** `NAME` alone passes on the value that the process has. */
function readBare(
  match: RegExpExecArray | null,
  line: string,
  file: string,
  number: number,
  result: Record<string, string>,
  outer: Variables,
  index: number,
): number {
  if (match === null || match[0].length !== line.trimEnd().length)
    throw envInvalid(file, number, 'expected NAME=value');
  const value = variable(outer, match[1] ?? '');
  if (value !== undefined) result[match[1] ?? ''] = value;
  return index;
}

function readValue(
  rest: string,
  lines: readonly string[],
  index: number,
  file: string,
  variables: Variables,
): { readonly value: string; readonly used: number } {
  const quote = rest[0];
  if (!isQuote(quote)) {
    const bare = rest.replace(/(^|\s)#.*$/, '').trimEnd();
    return { value: filled(bare, variables, file, index + 1), used: 0 };
  }
  const quoted = readQuoted(rest, lines, index);
  if (quoted === undefined) throw envInvalid(file, index + 1, `the quote ${quote} is never closed`);
  const { raw, tail, used } = quoted;
  if (!/^\s*(#.*)?$/.test(tail))
    throw envInvalid(file, index + used + 1, 'unexpected text after the closing quote');
  if (quote === "'") return { value: raw.replaceAll("\\'", "'"), used };
  return { value: unescaped(filled(raw, variables, file, index + 1)), used };
}

function isQuote(char: string | undefined): char is '"' | "'" {
  return char === '"' || char === "'";
}

/** What is between the quotes, what follows them, and how many more lines that takes; undefined when they never close. */
function readQuoted(
  rest: string,
  lines: readonly string[],
  index: number,
): { readonly raw: string; readonly tail: string; readonly used: number } | undefined {
  const parts: string[] = [];
  let line: string | undefined = rest.slice(1);
  for (let used = 0; line !== undefined; used += 1) {
    const end = closingQuote(line, rest[0] ?? '');
    if (end !== -1) {
      parts.push(line.slice(0, end));
      return { raw: parts.join('\n'), tail: line.slice(end + 1), used };
    }
    parts.push(line);
    line = lines[index + used + 1];
  }
  return undefined;
}

/** Line by line: a backslash at the end of one escapes the line's end, never what follows. */
function closingQuote(line: string, quote: string): number {
  for (let i = 0; i < line.length; i += 1) {
    if (line[i] === '\\') i += 1;
    else if (line[i] === quote) return i;
  }
  return -1;
}

function unescaped(text: string): string {
  const meaning: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
  return text.replace(
    /\\(.)/g,
    (whole, char: string) => meaning[char] ?? ('"\\$'.includes(char) ? char : whole),
  );
}

function filled(text: string, variables: Variables, file: string, line: number): string {
  try {
    // A backslash keeps a dollar sign here, as in a shell.
    return interpolate(text.replaceAll('\\$', '$$$$'), variables);
  } catch (error) {
    if (!(error instanceof InterpolationError)) throw error;
    const { fault } = error;
    const why =
      fault.kind === 'syntax'
        ? `"${fault.found}" is no variable`
        : `${fault.variable} is not set ${fault.text}`;
    throw envInvalid(file, line, why);
  }
}

function envInvalid(file: string, line: number, reason: string): AppError {
  return new AppError('env.invalid', `${file}:${line}: ${reason}.`, {
    hint: 'Write one NAME=value per line; quote values that hold spaces, # or $.',
    params: { file, line, reason },
  });
}
