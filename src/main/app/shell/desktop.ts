import { nativeTheme } from 'electron';
import type { AppEvent } from '../../../shared/app/app-contract.ts';
import { toAppError } from '../../../shared/errors/app-error.ts';
import type { Disposables } from '../../lifetime/disposables.ts';
import type { SettingsService } from '../../settings/settings-service.ts';
import type { StackService } from '../../stack/stack-service.ts';
import type { AppEvents } from './app-events.ts';
import { setApplicationMenu } from './menu.ts';
import { StackTray } from './tray.ts';

export interface DesktopDeps {
  readonly stack: StackService;
  readonly settings: SettingsService;
  readonly events: AppEvents;
  readonly disposables: Disposables;
  readonly assets: string;
  showWindow(): void;
  openLogs(): void;
  quit(): void;
}

type Command = Extract<AppEvent, { kind: 'command' }>['command'];

/** Menu and tray in the person's language, following the stack's state and the settings. */
export function wireDesktop(deps: DesktopDeps): void {
  const { stack, settings, events } = deps;
  const command = (name: Command) => {
    deps.showWindow();
    events.send({ kind: 'command', command: name });
  };
  /** A refusal (the stack is busy) is told in the window; there is nobody else to tell. */
  const attempt = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      events.send({ kind: 'fault', error: toAppError(error).toData() });
    }
  };
  const drawMenu = () =>
    setApplicationMenu(settings.language, process.platform, {
      command,
      openWorkspace: () => void stack.openWorkspace(),
      openLogs: deps.openLogs,
      quit: deps.quit,
    });
  const tray = new StackTray(deps.assets, {
    show: deps.showWindow,
    start: () => attempt(() => stack.start()),
    stop: () => attempt(() => stack.stop()),
    quit: deps.quit,
  });
  deps.disposables.add('tray', () => tray.dispose());
  drawMenu();
  settings.onDidChange(({ theme }) => {
    nativeTheme.themeSource = theme;
    drawMenu();
    tray.update(stack.snapshot.state, settings.language);
  });
  const following = new AbortController();
  deps.disposables.add('tray state', () => following.abort());
  void followState(stack, tray, settings, following.signal);
}

async function followState(
  stack: StackService,
  tray: StackTray,
  settings: SettingsService,
  signal: AbortSignal,
): Promise<void> {
  let before: string | undefined;
  for await (const { state } of stack.subscribe(signal)) {
    if (state !== before) tray.update(state, settings.language);
    before = state;
  }
}
