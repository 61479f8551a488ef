import path from 'node:path';
import { Menu, nativeImage, Tray } from 'electron';
import type { StackState } from '../../../shared/stack/stack-snapshot.ts';
import { type Language, strings } from './strings.ts';

export interface TrayActions {
  show(): void;
  start(): void;
  stop(): void;
  quit(): void;
}

/** Which picture stands for a state; colours alone never carry the meaning, the tooltip says it in words. */
export function trayPicture(state: StackState): 'running' | 'stopped' | 'problem' {
  switch (state) {
    case 'running':
      return 'running';
    case 'degraded':
    case 'failed':
      return 'problem';
    default:
      return 'stopped';
  }
}

/** The stack's state beside the clock. Desktops without a tray get none, and nothing else changes. */
export class StackTray {
  readonly #tray: Tray;
  readonly #assets: string;
  readonly #actions: TrayActions;

  constructor(assets: string, actions: TrayActions) {
    this.#assets = assets;
    this.#actions = actions;
    this.#tray = new Tray(this.#picture('unknown'));
    this.#tray.on('click', () => actions.show());
  }

  update(state: StackState, language: Language): void {
    const text = strings(language);
    this.#tray.setImage(this.#picture(state));
    this.#tray.setToolTip(`Skilldeck · ${text.state[state]}`);
    this.#tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: text.state[state], enabled: false },
        { type: 'separator' },
        { label: text.show, click: () => this.#actions.show() },
        {
          label: text.start,
          enabled: state !== 'running' && state !== 'starting',
          click: () => this.#actions.start(),
        },
        {
          label: text.stop,
          enabled: state !== 'stopped' && state !== 'stopping',
          click: () => this.#actions.stop(),
        },
        { type: 'separator' },
        { label: text.quit, click: () => this.#actions.quit() },
      ]),
    );
  }

  dispose(): void {
    if (!this.#tray.isDestroyed()) this.#tray.destroy();
  }

  #picture(state: StackState) {
    return nativeImage.createFromPath(path.join(this.#assets, `tray-${trayPicture(state)}.png`));
  }
}
