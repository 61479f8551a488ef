import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { AppEvent } from '../../../shared/app/app-contract.ts';
import { type Language, strings } from './strings.ts';

type Command = Extract<AppEvent, { kind: 'command' }>['command'];

export interface MenuActions {
  command(command: Command): void;
  openWorkspace(): void;
  openLogs(): void;
  quit(): void;
}

/** The application menu in the person's language; every entry has its key where the field expects it. */
export function setApplicationMenu(language: Language, platform: string, actions: MenuActions): void {
  const text = strings(language);
  const go = (label: string, command: Command, accelerator: string): MenuItemConstructorOptions => ({
    label,
    accelerator,
    // The page handles these keys itself; the entries are there to be found.
    registerAccelerator: false,
    click: () => actions.command(command),
  });
  const template: MenuItemConstructorOptions[] = [
    ...(platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    {
      label: text.file,
      submenu: [
        go(text.save, 'file.save', 'CmdOrCtrl+S'),
        { label: text.openWorkspace, click: () => actions.openWorkspace() },
        { type: 'separator' },
        { label: text.quit, accelerator: 'CmdOrCtrl+Q', click: () => actions.quit() },
      ],
    },
    { label: text.edit, role: 'editMenu' },
    {
      label: text.go,
      submenu: [
        go(text.stack, 'go.stack', 'CmdOrCtrl+1'),
        go(text.skills, 'go.skills', 'CmdOrCtrl+2'),
        go(text.chat, 'go.chat', 'CmdOrCtrl+3'),
        go(text.logs, 'go.logs', 'CmdOrCtrl+4'),
        go(text.terminal, 'go.terminal', 'CmdOrCtrl+5'),
        go(text.settings, 'go.settings', 'CmdOrCtrl+6'),
        { type: 'separator' },
        go(text.palette, 'palette.open', 'CmdOrCtrl+K'),
      ],
    },
    {
      label: text.stack,
      submenu: [
        { label: text.start, click: () => actions.command('stack.start') },
        { label: text.stop, click: () => actions.command('stack.stop') },
      ],
    },
    {
      label: text.view,
      submenu: [
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'resetZoom' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    { label: text.help, submenu: [{ label: text.openLogs, click: () => actions.openLogs() }] },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
