import { spotlight } from '@mantine/spotlight';
import { useEffect } from 'react';
import { runCommand } from './commands.ts';
import { commandOfKey } from './key-commands.ts';
import { PAGES } from './pages.ts';

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
