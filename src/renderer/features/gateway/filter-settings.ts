import type { ConfigValue } from '@skilldeck/agent-skills';

/** Those whose name or value has all of the words; `onlySet`: without those that nobody has set. */
export function filterSettings(
  values: readonly ConfigValue[],
  words: string,
  onlySet: boolean,
): readonly ConfigValue[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return values.filter(({ key, source, value, variable }) => {
    if (onlySet && source === 'default') return false;
    const text = `${key} ${formatSetting(value)} ${variable ?? ''}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

/** A value as `config.json` writes it, in one line. */
export function formatSetting(value: unknown): string {
  return JSON.stringify(value) ?? '';
}
