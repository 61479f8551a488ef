import { phrase } from '../../shared/errors/phrases/phrase.ts';
import { envInvalid } from './env-file.ts';
import { type Variables, variable } from './interpolate.ts';

const LEADING_SPACE = /^[\t-\r \x85\xA0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+/u;
/** More is refused by the reader of `docker run --env-file`, which this is. */
const MAX_LINE_CHARS = 65_535;

/**
 * Reads an `env_file` of `format: raw`: one `NAME=value` a line, the value as it stands, quotes, `$` and spaces included.
 *
 * @param outer where `NAME` alone takes its value from.
 * @throws AppError `env.invalid` with the line.
 */
export function parseRawEnvFile(text: string, file: string, outer: Variables): Record<string, string> {
  const values: [string, string][] = [];
  for (const [index, whole] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (whole.length > MAX_LINE_CHARS) throw envInvalid(file, index + 1, phrase('env_line_too_long'));
    const line = whole.replace(/\r$/, '').replace(LEADING_SPACE, '');
    if (line === '' || line.startsWith('#')) continue;
    const equals = line.indexOf('=');
    const name = equals === -1 ? line : line.slice(0, equals);
    if (name === '') throw envInvalid(file, index + 1, phrase('env_no_name'));
    if (/[ \t]/.test(name)) throw envInvalid(file, index + 1, phrase('env_space_in_name'));
    const value = equals === -1 ? variable(outer, name) : line.slice(equals + 1);
    if (value !== undefined) values.push([name, value]);
  }
  return Object.fromEntries(values);
}
