/** Puts one setting into the text of a `.env` file; comments, order and everything else stay as they are. */
export function setEnvValue(text: string, name: string, value: string): string {
  const line = `${name}=${quoted(value)}`;
  const pattern = new RegExp(`^[^\\S\\n]*(?:export[^\\S\\n]+)?${escaped(name)}[^\\S\\n]*=.*$`, 'gm');
  const found = [...text.matchAll(pattern)].at(-1);
  // The last one counts, as it does for Compose.
  if (found !== undefined)
    return text.slice(0, found.index) + line + text.slice(found.index + found[0].replace(/\r$/, '').length);
  const end = text === '' || text.endsWith('\n') ? '' : '\n';
  return `${text}${end}${line}\n`;
}

function quoted(value: string): string {
  if (/^[\w@%+=:,./\\-]*$/.test(value)) return value;
  if (!value.includes("'")) return `'${value}'`;
  return `"${value.replace(/["\\$]/g, '\\$&')}"`;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
