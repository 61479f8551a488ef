import type { Dialog } from 'electron';
import type { AppError } from '../../../shared/errors/app-error.ts';
import { type Language, strings } from './strings.ts';

/** Faults that another folder mends: without this way out the app would fail the same way at every start. */
const WORKSPACE_FAULTS: readonly string[] = ['workspace.invalid', 'read_only', 'disk_full'];

/** Says why the app cannot start. Resolves with the folder that was chosen instead, or undefined to quit. */
export async function askAfterStartFailure(
  dialog: Pick<Dialog, 'showMessageBox' | 'showOpenDialog'>,
  fault: AppError,
  language: Language,
): Promise<string | undefined> {
  const text = strings(language);
  const canChoose = WORKSPACE_FAULTS.includes(fault.code);
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: text.startFailedTitle,
    message: text.startFailedTitle,
    detail: detailOf(fault, language),
    buttons: canChoose ? [text.chooseFolder, text.quit] : [text.quit],
    defaultId: 0,
    cancelId: canChoose ? 1 : 0,
  });
  if (!canChoose || response !== 0) return undefined;
  const { filePaths } = await dialog.showOpenDialog({
    title: text.chooseFolder,
    properties: ['openDirectory', 'createDirectory'],
  });
  return filePaths[0];
}

function detailOf(fault: AppError, language: Language): string {
  const { path } = fault.params;
  const reasons: Readonly<Record<string, string>> = strings(language).startFailed;
  const reason = reasons[fault.code];
  if (reason === undefined || path === undefined)
    return [fault.message, fault.hint].filter(Boolean).join('\n\n');
  return `${path}\n\n${reason}`;
}
