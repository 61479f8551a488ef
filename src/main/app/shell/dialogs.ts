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

  /** A compose folder or file. Only macOS has one dialog for both. */
  chooseProject(what: 'folder' | 'file'): Promise<string | undefined> {
    const filters = [{ name: 'Compose', extensions: ['yaml', 'yml'] }];
    if (process.platform === 'darwin')
      return this.#open({ properties: ['openFile', 'openDirectory'], filters });
    return this.#open(
      what === 'folder' ? { properties: ['openDirectory'] } : { properties: ['openFile'], filters },
    );
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
