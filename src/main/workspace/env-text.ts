import { locateEnv } from '../compose/env-file.ts';

/** Puts one setting into the text of a `.env` file; comments, order and everything else stay as they are. */
export function setEnvValue(text: string, name: string, value: string): string {
  const line = `${name}=${quoteEnvValue(value)}`;
  // The last one counts, as it does for Compose.
  const place = locateEnv(text)
    .filter((candidate) => candidate.name === name)
    .at(-1);
  if (place !== undefined) {
    const newline = text.indexOf('\n', place.end);
    const rest = text.slice(place.end, newline === -1 ? text.length : newline);
    const carriageReturn = rest.endsWith('\r') ? '\r' : '';
    // A comment spoke of the old value; another setting after a closing quote goes on a line of its own.
    const other = /^\s*(#|$)/.test(rest) ? '' : `\n${rest.trim()}`;
    const after = newline === -1 ? '' : text.slice(newline);
    return text.slice(0, place.start) + line + other + carriageReturn + after;
  }
  const end = text === '' || text.endsWith('\n') ? '' : '\n';
  return `${text}${end}${line}\n`;
}

/** A value in the form that reads back as itself, without quotes where none are needed. */
export function quoteEnvValue(value: string): string {
  if (/^[\w@%+=:,./\\-]*$/.test(value)) return value;
  // A backslash before the closing quote would keep it open.
  if (!/['\r\n]|\\$/.test(value)) return `'${value}'`;
  const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r' };
  return `"${value.replace(/["\\$\r\n]/g, (char) => escapes[char] ?? `\\${char}`)}"`;
}
