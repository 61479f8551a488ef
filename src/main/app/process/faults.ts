import type { App, BrowserWindow, Dialog } from 'electron';
import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import type { Logger } from '../../lifetime/logger.ts';
import type { AppEvents } from '../shell/app-events.ts';
import { type Language, strings } from '../shell/strings.ts';

/** Faults that nobody caught in main: logged with their stack, shown as a notice, and the app goes on. */
export function reportUncaughtFaults(process: NodeJS.Process, logger: Logger, events: AppEvents): void {
  const report = (error: unknown, origin: string) => {
    logger.error({ err: error, origin }, 'uncaught fault in main');
    events.send({
      kind: 'fault',
      error: new AppError('internal', phrase('internal')).toData(),
    });
  };
  process.on('uncaughtException', (error) => report(error, 'uncaughtException'));
  process.on('unhandledRejection', (error) => report(error, 'unhandledRejection'));
}

/** A window that crashed or hangs: logged, and the person is asked whether to load it again. The stack goes on. */
export function recoverFromRendererCrash(options: {
  readonly app: App;
  readonly window: BrowserWindow;
  readonly dialog: Dialog;
  readonly logger: Logger;
  readonly language: () => Language;
}): void {
  const { app, window, dialog, logger, language } = options;
  window.webContents.on('render-process-gone', (_event, details) => {
    logger.error({ reason: details.reason, exitCode: details.exitCode }, 'the window crashed');
    if (details.reason === 'clean-exit' || window.isDestroyed()) return;
    const text = strings(language());
    dialog
      .showMessageBox(window, {
        type: 'error',
        message: text.crashTitle,
        detail: text.crashDetail,
        buttons: [text.reload, text.quit],
        defaultId: 0,
        cancelId: 1,
      })
      .then(({ response }) => {
        // Not in the turn in which Chromium reports the crash: it would not start a new process.
        if (response === 0) setImmediate(() => window.webContents.reload());
        else app.quit();
      })
      .catch((error: unknown) => logger.error({ err: error }, 'the crash dialog failed'));
  });
  window.webContents.on('unresponsive', () => logger.warn({}, 'the window does not answer'));
  app.on('child-process-gone', (_event, details) =>
    logger.warn({ type: details.type, reason: details.reason, name: details.name }, 'a child process ended'),
  );
}
