/** Splits a command line into words as a shell does, without expansion. Undefined when a quote is left open. */
export function splitShellWords(line: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote: '"' | "'" | undefined;
  for (let i = 0; i < line.length; i += 1) {
    const char = line.charAt(i);
    if (quote === "'") {
      if (char === "'") quote = undefined;
      else word = (word ?? '') + char;
    } else if (char === '\\') {
      const next = line.charAt(i + 1);
      if (next === '') return undefined;
      i += 1;
      // Inside double quotes a backslash only escapes what would mean something there.
      const kept = quote === '"' && !'"\\$`\n'.includes(next) ? '\\' : '';
      word = (word ?? '') + kept + next;
    } else if (quote === '"') {
      if (char === '"') quote = undefined;
      else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + char;
  }
  if (quote !== undefined) return undefined;
  if (word !== undefined) words.push(word);
  return words;
}
