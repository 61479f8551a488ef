import type { App, BrowserWindow } from 'electron';
import type { SettingsService } from '../../settings/settings-service.ts';
import type { QuitGuard } from '../shell/quit-guard.ts';

/** Brings the window to the front, wherever it was. */
export function showWindow(window: BrowserWindow): void {
  if (window.isDestroyed()) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** Closing the window quits, or hides it where the settings say so; quitting asks about unsaved text first. */
export function wireLifecycle(options: {
  readonly app: App;
  readonly window: BrowserWindow;
  readonly guard: QuitGuard;
  readonly settings: SettingsService;
}): void {
  const { app, window, guard, settings } = options;
  window.on('close', (event) => {
    if (guard.isEnding) return;
    event.preventDefault();
    if (settings.settings.closeToTray) window.hide();
    else guard.request();
  });
  // The text went with the window.
  window.webContents.on('render-process-gone', () => guard.setUnsaved(false));
  app.on('before-quit', (event) => {
    if (guard.isEnding) return;
    event.preventDefault();
    guard.request();
  });
  app.on('second-instance', () => showWindow(window));
  app.on('activate', () => showWindow(window));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => guard.end());
}
