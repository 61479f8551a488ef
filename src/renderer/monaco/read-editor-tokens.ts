import type { EditorTokens } from './monaco-theme.ts';

/** Reads the design tokens that are in force now. Only tokens written as hex colours are asked for. */
export function readEditorTokens(root: HTMLElement = document.documentElement): EditorTokens {
  const style = getComputedStyle(root);
  const read = (name: string): string => toHex6(style.getPropertyValue(name));
  return {
    dark: root.getAttribute('data-mantine-color-scheme') === 'dark',
    background: read('--code'),
    panel: read('--panel'),
    raise: read('--raise'),
    line: read('--line'),
    lineStrong: read('--line-strong'),
    text: read('--text'),
    mute: read('--mute'),
    faint: read('--faint'),
    accent: read('--accent'),
    ok: read('--ok'),
    warn: read('--warn'),
    bad: read('--bad'),
  };
}

/** Monaco takes six hex digits only; a token that is missing turns grey instead of breaking the editor. */
export function toHex6(value: string): string {
  const text = value.trim();
  if (/^#[0-9a-f]{6}$/i.test(text)) return text;
  if (/^#[0-9a-f]{3}$/i.test(text)) return `#${[...text.slice(1)].map((digit) => digit + digit).join('')}`;
  return '#808080';
}

/** Calls back when the colour scheme of the page changes. */
export function watchColourScheme(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ['data-mantine-color-scheme'] });
  return () => observer.disconnect();
}
