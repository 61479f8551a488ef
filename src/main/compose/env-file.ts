import { AppError } from '../../shared/errors/app-error.ts';
import { InterpolationError, interpolate, type Variables } from './interpolate.ts';

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
    const used = linesInQuotes(line.slice(match[0].length), lines, firstLine);
    if (used === undefined) return places;
    places.push({ name: match[1] ?? '', firstLine, lastLine: firstLine + used });
    firstLine += used;
  }
  return places;
}

/** How many more lines a quoted value takes; undefined when its quote is never closed. */
function linesInQuotes(rest: string, lines: readonly string[], index: number): number | undefined {
  const quote = rest[0];
  if (quote !== '"' && quote !== "'") return 0;
  let body = rest.slice(1);
  let used = 0;
  while (closingQuote(body, quote) === -1) {
    used += 1;
    const next = lines[index + used];
    if (next === undefined) return undefined;
    body += `\n${next}`;
  }
  return used;
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
  const value = outer[match[1] ?? ''];
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
  if (quote !== '"' && quote !== "'") {
    const bare = rest.replace(/(^|\s)#.*$/, '').trimEnd();
    return { value: filled(bare, variables, file, index + 1), used: 0 };
  }
  let body = rest.slice(1);
  for (let used = 0; ; used += 1) {
    const end = closingQuote(body, quote);
    if (end !== -1) {
      if (!/^\s*(#.*)?$/.test(body.slice(end + 1)))
        throw envInvalid(file, index + used + 1, 'unexpected text after the closing quote');
      const raw = body.slice(0, end);
      if (quote === "'") return { value: raw.replaceAll("\\'", "'"), used };
      return { value: unescaped(filled(raw, variables, file, index + 1)), used };
    }
    const next = lines[index + used + 1];
    if (next === undefined) throw envInvalid(file, index + 1, `the quote ${quote} is never closed`);
    body += `\n${next}`;
  }
}

function closingQuote(body: string, quote: string): number {
  for (let i = 0; i < body.length; i += 1) {
    if (body[i] === '\\') i += 1;
    else if (body[i] === quote) return i;
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
