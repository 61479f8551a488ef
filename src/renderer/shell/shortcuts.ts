import { spotlight } from '@mantine/spotlight';
import { useEffect } from 'react';
import { runCommand } from './commands.ts';
import { PAGES } from './pages.ts';

type Chord = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** Which command a key press means; the shell's own keys only. */
export function commandOfKey(event: Chord, pages: readonly string[]): string | undefined {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return undefined;
  if (event.key.toLowerCase() === 'k') return 'palette.open';
  if (event.key === ',') return 'go.settings';
  const page = /^[1-9]$/.test(event.key) ? pages[Number(event.key) - 1] : undefined;
  return page && `go.${page}`;
}

/** Listens before anything on the page does: Monaco and xterm would swallow the keys. */
export function useShortcuts(): void {
  useEffect(() => {
    const pages = PAGES.map((page) => page.id);
    const handleKey = (event: KeyboardEvent) => {
      const command = commandOfKey(event, pages);
      if (!command) return;
      event.preventDefault();
      event.stopPropagation();
      if (command === 'palette.open') spotlight.toggle();
      else runCommand(command);
    };
    window.addEventListener('keydown', handleKey, { capture: true });
    return () => window.removeEventListener('keydown', handleKey, { capture: true });
  }, []);
}
