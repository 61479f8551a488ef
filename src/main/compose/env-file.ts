import { AppError } from '../../shared/errors/app-error.ts';
import { inEnglish, type Phrase, phrase } from '../../shared/errors/phrases/phrase.ts';
import { EnvSyntaxError, envStatements } from './env-statements.ts';
import { InterpolationError, interpolate, type Variables, variable } from './interpolate.ts';

const MAX_CHARS = 256 * 1024;

export interface EnvOrder {
  /** What files before this one say: `$NAME` means that when neither this one nor the variables outside have it. */
  readonly before?: Variables;
  /** `$NAME` means the file's own value even when there is one outside: docs/adr/0007. Compose has it the other way round. */
  readonly fileWins?: boolean;
}

/**
 * Reads a `.env` file as Compose does: quotes, `export`, comments, values over several lines, `$VAR`.
 *
 * @param outer variables outside of the file: what `$VAR` means first, and where `NAME` without a value takes it from.
 * @returns what this file sets, whatever is set outside.
 * @throws AppError `env.invalid` with the line.
 */
export function parseEnvFile(
  text: string,
  file: string,
  outer: Variables = {},
  { before = {}, fileWins = false }: EnvOrder = {},
): Record<string, string> {
  if (text.length > MAX_CHARS) throw envInvalid(file, 1, phrase('env_too_long', { count: MAX_CHARS }));
  const own: Record<string, string> = Object.create(null);
  const lookUp = (name: string) => {
    const [first, second] = fileWins ? [own, outer] : [outer, own];
    return variable(first, name) ?? variable(second, name) ?? variable(before, name);
  };
  let at = 0;
  try {
    for (const { name, start, value } of envStatements(text)) {
      at = start;
      const meant = value === undefined ? variable(outer, name) : meaningOf(value.raw, value.quote, lookUp);
      if (meant !== undefined) own[name] = meant;
    }
  } catch (error) {
    if (error instanceof EnvSyntaxError) throw envInvalid(file, lineAt(text, error.offset), error.reason);
    if (!(error instanceof InterpolationError)) throw error;
    const { fault } = error;
    const why =
      fault.kind === 'syntax'
        ? phrase('env_no_variable', { found: fault.found })
        : phrase('env_variable_unset', { variable: fault.variable, text: fault.text });
    throw envInvalid(file, lineAt(text, at), why);
  }
  return Object.fromEntries(Object.entries(own));
}

/** Where a variable is written. */
export interface EnvPlace {
  readonly name: string;
  /** Offsets in the text: from the name, or `export` before it, to behind the value, a closing quote included. */
  readonly start: number;
  readonly end: number;
}

/** The settings of a `.env` text in its order, without reading their values. Ends where the text cannot be read. */
export function locateEnv(text: string): readonly EnvPlace[] {
  const places: EnvPlace[] = [];
  try {
    for (const { end, name, start, value } of envStatements(text))
      if (value !== undefined) places.push({ name, start, end });
  } catch (error) {
    if (!(error instanceof EnvSyntaxError)) throw error;
  }
  return places;
}

function meaningOf(
  raw: string,
  quote: '"' | "'" | undefined,
  lookUp: (name: string) => string | undefined,
): string {
  if (quote === "'") return raw;
  return interpolate(quote === '"' ? unescaped(raw) : raw, lookUp);
}

const MEANINGS: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '"': '"',
  '\\': '\\',
  // Still to be filled in: two dollar signs are one that names no variable.
  $: '$$',
};

/** As a shell's `echo` has it; what Compose does not know stays. */
function unescaped(text: string): string {
  return text.replace(/\\(?:([abfnrtv$"\\])|0(\d{0,3}))/g, (_whole, char?: string, digits = '') => {
    if (char !== undefined) return MEANINGS[char] ?? char;
    const isCharacter = /^[0-3][0-7][0-7]$/.test(digits);
    // The zero is gone even where the number is none: Compose's own way.
    return isCharacter ? String.fromCodePoint(Number.parseInt(digits, 8)) : `\\${digits}`;
  });
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

/** For readers of such files in this folder. */
export function envInvalid(file: string, line: number, reason: Phrase): AppError {
  return new AppError('env.invalid', `${file}:${line}: ${inEnglish(reason)}.`, {
    hint: 'Write one NAME=value per line; quote values that hold spaces, # or $.',
    params: { file, line, reason },
  });
}
