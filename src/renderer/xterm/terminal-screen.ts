import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { type ITerminalOptions, Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { watchColourScheme } from '../monaco/read-editor-tokens.ts';
import { readXtermTheme } from './xterm-theme.ts';

export interface ScreenOptions {
  readonly label: string;
  readonly readOnly: boolean;
  readonly scrollback: number;
}

/**
 * A terminal that lives outside React: its element can be moved from page to page without losing what it shows.
 *
 * The DOM renderer is on purpose: on software rendering it is faster than WebGL, and it is what screen readers
 * and zoom work with.
 */
export class TerminalScreen {
  readonly terminal: Terminal;
  readonly search = new SearchAddon();
  readonly #element = document.createElement('div');
  readonly #fit = new FitAddon();
  readonly #stopWatching: () => void;
  #resizeObserver: ResizeObserver | undefined;
  #isOpen = false;

  constructor(options: ScreenOptions) {
    this.#element.style.cssText = 'width:100%;height:100%';
    this.terminal = new Terminal(toTerminalOptions(options));
    this.terminal.loadAddon(this.#fit);
    this.terminal.loadAddon(this.search);
    this.#stopWatching = watchColourScheme(() => {
      this.terminal.options.theme = readXtermTheme();
    });
    this.#label = options.label;
  }

  readonly #label: string;

  /** Shows the terminal in `host` until the returned function is called. */
  attach(host: HTMLElement): () => void {
    host.append(this.#element);
    if (!this.#isOpen) {
      this.terminal.open(this.#element);
      this.#isOpen = true;
      this.terminal.textarea?.setAttribute('aria-label', this.#label);
    }
    this.terminal.options.theme = readXtermTheme();
    this.fit();
    this.#resizeObserver = new ResizeObserver(() => this.fit());
    this.#resizeObserver.observe(host);
    return () => {
      this.#resizeObserver?.disconnect();
      this.#element.remove();
    };
  }

  /** Fits columns and rows to the element; does nothing while it is not shown. */
  fit(): void {
    if (this.#element.isConnected && this.#element.clientHeight > 0) this.#fit.fit();
  }

  /** Resolves when xterm has taken the data: the brake between a fast source and the screen. */
  write(data: string): Promise<void> {
    return new Promise((resolve) => this.terminal.write(data, resolve));
  }

  /** All lines that the screen still holds, wrapped ones joined again. */
  readText(): string {
    const buffer = this.terminal.buffer.active;
    const lines: string[] = [];
    for (let row = 0; row < buffer.length; row += 1) {
      const line = buffer.getLine(row);
      if (line === undefined) continue;
      const text = line.translateToString(true);
      if (line.isWrapped && lines.length > 0) lines[lines.length - 1] += text;
      else lines.push(text);
    }
    return lines.join('\n').trimEnd();
  }

  dispose(): void {
    this.#resizeObserver?.disconnect();
    this.#stopWatching();
    this.terminal.dispose();
    this.#element.remove();
  }
}

function toTerminalOptions({ readOnly, scrollback }: ScreenOptions): ITerminalOptions {
  return {
    theme: readXtermTheme(),
    fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--font-mono') || 'monospace',
    fontSize: 12.5,
    lineHeight: 1.25,
    scrollback,
    disableStdin: readOnly,
    // Log lines end with LF only; a shell's PTY writes CR LF itself.
    convertEol: readOnly,
    cursorBlink: !readOnly,
    cursorInactiveStyle: readOnly ? 'none' : 'outline',
    cursorStyle: readOnly ? 'bar' : 'block',
    screenReaderMode: true,
    allowProposedApi: true,
    minimumContrastRatio: 4.5,
    macOptionIsMeta: true,
  };
}
