const MAX_TITLE_CHARS = 60;

/** The first line of the first question, cut at a word. */
export function toTitle(question: string): string {
  const line = question.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  const characters = [...line];
  if (characters.length <= MAX_TITLE_CHARS) return line;
  const cut = characters.slice(0, MAX_TITLE_CHARS).join('');
  const space = cut.lastIndexOf(' ');
  return `${space > MAX_TITLE_CHARS / 2 ? cut.slice(0, space) : cut}…`;
}
