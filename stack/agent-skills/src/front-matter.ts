/** Where the front matter of a text is. Offsets count in `text`, which has `\n` line ends and no byte order mark. */
export type FrontMatter =
  | {
      readonly kind: 'found';
      readonly yaml: string;
      /** 1-based line of the first YAML line. */
      readonly yamlLine: number;
      readonly body: string;
      readonly bodyLine: number;
    }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unclosed' };

const DELIMITER = /^---[ \t]*$/;

/** Brings CRLF and lone CR to LF and takes a byte order mark off, so that every later step sees one kind of text. */
export function normaliseSkillText(text: string): {
  readonly text: string;
  readonly hadByteOrderMark: boolean;
} {
  const hadByteOrderMark = text.charCodeAt(0) === 0xfeff;
  const rest = hadByteOrderMark ? text.slice(1) : text;
  return { text: rest.includes('\r') ? rest.replace(/\r\n?/g, '\n') : rest, hadByteOrderMark };
}

/**
 * Splits front matter from body.
 *
 * A delimiter is a whole line of three hyphens; `---` inside a value does not end the front matter.
 */
export function splitFrontMatter(text: string): FrontMatter {
  const lines = text.split('\n');
  if (!DELIMITER.test(lines[0] ?? '')) return { kind: 'missing' };
  const end = lines.findIndex((line, index) => index > 0 && DELIMITER.test(line));
  if (end < 0) return { kind: 'unclosed' };
  const lastLine = lines.length;
  return {
    kind: 'found',
    yaml: lines.slice(1, end).join('\n'),
    yamlLine: 2,
    body: lines
      .slice(end + 1)
      .join('\n')
      .trim(),
    bodyLine: Math.min(firstTextLine(lines, end + 1) + 1, lastLine),
  };
}

function firstTextLine(lines: readonly string[], from: number): number {
  for (let index = from; index < lines.length; index += 1) {
    if ((lines[index] ?? '').trim() !== '') return index;
  }
  return from;
}
