import { BrowserWindow, nativeTheme, screen } from 'electron';
import type { Logger } from '../../lifetime/logger.ts';
import { windowWebPreferences } from '../security/web-preferences.ts';
import { placeWindow, readWindowStateSync, writeWindowState } from './window-state.ts';

export interface MainWindowOptions {
  readonly preload: string;
  readonly icon: string;
  readonly stateFile: string;
  readonly logger: Logger;
}

/**
 * Creates the window where it was last time, painted in the theme's colour before the page is there.
 *
 * `saveState` is for the end of the app, which may come sooner after a change than the delayed saving.
 */
export function createMainWindow(options: MainWindowOptions): {
  readonly window: BrowserWindow;
  saveState(): Promise<void>;
} {
  const saved = readWindowStateSync(options.stateFile);
  const window = new BrowserWindow({
    ...placeWindow(
      saved,
      screen.getAllDisplays().map((display) => display.workArea),
    ),
    minWidth: 900,
    minHeight: 600,
    title: 'Skilldeck',
    icon: options.icon,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#0d1014' : '#f4f6f8',
    webPreferences: windowWebPreferences(options.preload),
  });
  if (saved?.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('page-title-updated', (event) => event.preventDefault());
  return { window, saveState: keepWindowState(window, options) };
}

function keepWindowState(
  window: BrowserWindow,
  { stateFile, logger }: MainWindowOptions,
): () => Promise<void> {
  const save = async () => {
    clearTimeout(timer);
    if (window.isDestroyed()) return;
    const state = { bounds: window.getNormalBounds(), maximized: window.isMaximized() };
    await writeWindowState(stateFile, state).catch((error: unknown) =>
      logger.warn({ err: error }, 'the window state could not be written'),
    );
  };
  let timer: NodeJS.Timeout | undefined;
  const saveSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void save(), 500);
  };
  window.on('resize', saveSoon);
  window.on('move', saveSoon);
  return save;
}
