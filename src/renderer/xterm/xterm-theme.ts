import type { ITheme } from '@xterm/xterm';

/** ANSI colours that read at 4.5:1 or better on the code background of their scheme. */
const ANSI: Readonly<Record<'dark' | 'light', ITheme>> = {
  dark: {
    black: '#2a323d',
    red: '#f08a76',
    green: '#4fc893',
    yellow: '#e7b24d',
    blue: '#8ea6ff',
    magenta: '#c3a6ff',
    cyan: '#5fc3d6',
    white: '#c9d1dc',
    brightBlack: '#8791a1',
    brightRed: '#ff9c88',
    brightGreen: '#6bdcaa',
    brightYellow: '#f5c767',
    brightBlue: '#a8baff',
    brightMagenta: '#d5c0ff',
    brightCyan: '#80d9ea',
    brightWhite: '#ffffff',
  },
  light: {
    black: '#1a2029',
    red: '#bb3a23',
    green: '#147a4e',
    yellow: '#8a5a06',
    blue: '#3457d5',
    magenta: '#7a3ec8',
    cyan: '#0c6f80',
    white: '#515c6b',
    brightBlack: '#5f6a79',
    brightRed: '#a52f1a',
    brightGreen: '#0f6842',
    brightYellow: '#764c03',
    brightBlue: '#2847b8',
    brightMagenta: '#6830b0',
    brightCyan: '#095e6d',
    brightWhite: '#1a2029',
  },
};

/** The terminal's colours from the design tokens in force now. */
export function readXtermTheme(root: HTMLElement = document.documentElement): ITheme {
  const style = getComputedStyle(root);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  const scheme = root.getAttribute('data-mantine-color-scheme') === 'dark' ? 'dark' : 'light';
  return {
    ...ANSI[scheme],
    background: read('--code'),
    foreground: read('--text'),
    cursor: read('--accent'),
    cursorAccent: read('--code'),
    selectionBackground: `${read('--accent')}55`,
    selectionInactiveBackground: `${read('--accent')}33`,
  };
}
