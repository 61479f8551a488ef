/** The skills that a draft like `/rel` means; nothing when the draft is no such word. */
export function findSlashSkills<T extends { readonly name: string }>(
  draft: string,
  skills: readonly T[],
): readonly T[] | undefined {
  const word = /^\/([\w-]*)$/.exec(draft)?.[1]?.toLowerCase();
  if (word === undefined) return undefined;
  return skills.filter((skill) => skill.name.toLowerCase().includes(word));
}
