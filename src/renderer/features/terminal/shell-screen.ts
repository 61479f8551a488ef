import { copyText } from '../../ui/copy-text.ts';
import { TerminalScreen } from '../../xterm/terminal-screen.ts';

const SCROLLBACK_LINES = 5000;

/** A screen for a shell with the copy key that terminals have: Ctrl+C belongs to the program that runs. */
export function createShellScreen(service: string): TerminalScreen {
  const screen = new TerminalScreen({ label: service, readOnly: false, scrollback: SCROLLBACK_LINES });
  screen.terminal.attachCustomKeyEventHandler((event) => {
    if (!(event.ctrlKey && event.shiftKey)) return true;
    const key = event.key.toLowerCase();
    if (key === 'c') {
      event.preventDefault();
      if (event.type === 'keydown') void copyText(screen.terminal.getSelection());
      return false;
    }
    // The browser pastes into xterm's text field by itself; xterm must only not send the key as well.
    return key !== 'v';
  });
  return screen;
}
