import { type BrowserWindow, dialog } from 'electron';

/** The system's dialogs, over the window where there is one. */
export class Dialogs {
  readonly #window: () => BrowserWindow | undefined;

  constructor(window: () => BrowserWindow | undefined) {
    this.#window = window;
  }

  chooseModelFile(): Promise<string | undefined> {
    return this.#open({
      properties: ['openFile'],
      filters: [{ name: 'GGUF', extensions: ['gguf'] }],
    });
  }

  chooseFolder(): Promise<string | undefined> {
    return this.#open({ properties: ['openDirectory', 'createDirectory'] });
  }

  async #open(options: Electron.OpenDialogOptions): Promise<string | undefined> {
    const window = this.#window();
    const { canceled, filePaths } =
      window === undefined
        ? await dialog.showOpenDialog(options)
        : await dialog.showOpenDialog(window, options);
    return canceled ? undefined : filePaths[0];
  }
}
