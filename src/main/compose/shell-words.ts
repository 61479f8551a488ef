/**
 * Splits a command line into words as Compose does: quotes and backslashes as in a shell, nothing expanded, and the
 * line ends where a shell would see an operator (`; & | < >`). Undefined when a quote is left open or at a bare `(`.
 */
export function splitShellWords(line: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let open: '"' | "'" | '`' | '$(' | undefined;
  for (let i = 0; i < line.length; i += 1) {
    const char = line.charAt(i);
    if (char === '\\' && open !== "'") {
      i += 1;
      if (i === line.length) return undefined;
      word = (word ?? '') + line.charAt(i);
    } else if (/[ \t\r\n]/.test(char) && open === undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if ((char === '"' || char === "'") && (open === undefined || open === char)) {
      open = open === char ? undefined : char;
      word ??= '';
    } else if (char === '(' && open === undefined) {
      if (word?.endsWith('$') !== true) return undefined;
      open = '$(';
      word += char;
    } else if (/[;&|<>]/.test(char) && open === undefined) {
      // A number right before `>` is a file descriptor and no word.
      if (char === '>' && /^\d/.test(word ?? '')) word = undefined;
      break;
    } else {
      if (char === '`' && (open === undefined || open === '`')) open = open === '`' ? undefined : '`';
      else if (char === ')' && (open === undefined || open === '$(')) open = open === '$(' ? undefined : '$(';
      word = (word ?? '') + char;
    }
  }
  if (open !== undefined) return undefined;
  if (word !== undefined) words.push(word);
  return words;
}
