type Chord = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** Which command a key press means; the shell's own keys only. */
export function commandOfKey(event: Chord, pages: readonly string[]): string | undefined {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return undefined;
  if (event.key.toLowerCase() === 'k') return 'palette.open';
  if (event.key === ',') return 'go.settings';
  const page = /^[1-9]$/.test(event.key) ? pages[Number(event.key) - 1] : undefined;
  return page && `go.${page}`;
}
