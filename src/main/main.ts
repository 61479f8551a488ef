import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, type BrowserWindow, dialog, nativeTheme, protocol, session, shell } from 'electron';
import { toAppError } from '../shared/errors/app-error.ts';
import { appPaths } from './app/process/app-paths.ts';
import { chooseEngine } from './app/process/choose-engine.ts';
import { type CommandLine, parseCommandLine } from './app/process/command-line.ts';
import { recoverFromRendererCrash, reportUncaughtFaults } from './app/process/faults.ts';
import { readLastWorkspace, rememberWorkspace } from './app/process/last-workspace.ts';
import { openLogFile } from './app/process/log-file.ts';
import { reportLine, reportToTerminal } from './app/process/terminal-report.ts';
import { denyPermissions, hardenWebContents } from './app/security/harden.ts';
import { APP_PAGE_URL } from './app/security/origin.ts';
import { registerPageScheme, servePage } from './app/security/page-protocol.ts';
import { AppEvents } from './app/shell/app-events.ts';
import { createAppRouter } from './app/shell/app-router.ts';
import { Dialogs } from './app/shell/dialogs.ts';
import { Keychain } from './app/shell/keychain.ts';
import { setApplicationMenu } from './app/shell/menu.ts';
import { QuitGuard } from './app/shell/quit-guard.ts';
import { strings } from './app/shell/strings.ts';
import { StackTray } from './app/shell/tray.ts';
import { createMainWindow } from './app/window/main-window.ts';
import { handOverPorts } from './app/window/port-handover.ts';
import { Disposables } from './lifetime/disposables.ts';
import { openPanel, type Panel, startsByItself } from './panel.ts';
import { createRouter } from './rpc/router.ts';
import { createRpcServer } from './rpc/serve-rpc.ts';
import { SettingsService } from './settings/settings-service.ts';
import { openWorkspace } from './workspace/open-workspace.ts';

// The page is served by ourselves in a package; `npm run dev` serves it with hot reload.
const pageUrl = (!app.isPackaged && process.env.ELECTRON_RENDERER_URL) || APP_PAGE_URL;
const say = (line: string) => process.stdout.write(`${line}\n`);

registerPageScheme();
const commandLine = parseCommandLine(process.argv.slice(1), process.cwd());
if (commandLine.problem !== undefined) {
  process.stderr.write(`${commandLine.problem}\n`);
  app.exit(2);
} else if (!app.requestSingleInstanceLock()) {
  say('Skilldeck is running already; its window comes to the front.');
  app.exit(0);
} else {
  app
    .whenReady()
    .then(() => run(commandLine))
    .catch((error: unknown) => {
      const fault = toAppError(error);
      process.stderr.write(`${fault.message} ${fault.hint ?? ''}\n`);
      dialog.showErrorBox(strings('en').startFailedTitle, `${fault.message}\n\n${fault.hint ?? ''}`);
      app.exit(1);
    });
}

async function run(options: CommandLine): Promise<void> {
  const paths = appPaths({
    mainDir: path.dirname(fileURLToPath(import.meta.url)),
    resources: process.resourcesPath,
    packaged: app.isPackaged,
    userData: app.getPath('userData'),
  });
  const log = openLogFile(paths.logs, process.env.SKILLDECK_LOG_LEVEL ?? 'info');
  const { logger } = log;
  const events = new AppEvents();
  reportUncaughtFaults(process, logger, events);
  const disposables = new Disposables((name, error) =>
    logger.error({ err: error, name }, 'did not end cleanly'),
  );
  disposables.add('log', log.close);

  const directory =
    options.workspace ??
    readLastWorkspace(paths.lastWorkspace) ??
    path.join(app.getPath('home'), 'Skilldeck');
  const keychain = new Keychain(paths.keychain);
  const settings = await SettingsService.open({
    file: paths.settings,
    workspace: directory,
    systemLanguage: app.getLocale().startsWith('zh') ? 'zh' : 'en',
    keychainAvailable: () => keychain.available(),
    logger,
    now: Date.now,
  });

  hardenWebContents(app, pageUrl, logger);
  denyPermissions(session.defaultSession, pageUrl);
  servePage(protocol, paths.page);
  nativeTheme.themeSource = settings.settings.theme;
  const window = createMainWindow({
    preload: paths.preload,
    icon: path.join(paths.assets, 'icon.png'),
    stateFile: paths.windowState,
    logger,
  });
  const showWindow = () => {
    if (window.isDestroyed()) return;
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  };
  const guard = new QuitGuard({
    events,
    showWindow,
    shutDown: async () => {
      logger.info({}, 'quitting');
      await disposables.dispose();
      app.exit(0);
    },
  });
  wireLifecycle(window, guard, settings, showWindow);
  recoverFromRendererCrash({ app, window, dialog, logger, language: () => settings.language });

  // The page loads while the workspace opens; its first calls wait in their port.
  const opening = openStack();
  opening.catch(() => undefined);
  disposables.add(
    'window',
    handOverPorts({
      window,
      pageUrl,
      logger,
      onConnect: ({ connectionId, port, signal }) => {
        opening
          .then(({ server }) => {
            server.serve(port, { connectionId, signal });
            port.start();
          })
          .catch(() => port.close());
      },
    }),
  );
  const loading = window.loadURL(pageUrl);
  const { panel } = await opening;
  await loading;
  say(reportLine('skilldeck', app.getVersion()));
  say(reportLine('window', 'open'));
  say(reportLine('workspace', directory));
  wireDesktop(panel);

  async function openStack() {
    const workspace = await openWorkspace({ directory, bundleDir: paths.bundle, version: app.getVersion() });
    await rememberWorkspace(paths.lastWorkspace, directory);
    const makers = {
      docker: async () => new (await import('./engine/docker/docker-engine.ts')).DockerEngine(),
      sandbox: async () =>
        new (await import('./engine/sandbox/sandbox-engine.ts')).SandboxEngine({
          bundleDir: paths.bundle,
          stateDir: workspace.paths.sandbox,
          node: { path: process.execPath, env: { ELECTRON_RUN_AS_NODE: '1' } },
          version: app.getVersion(),
          logger,
        }),
    };
    const dialogs = new Dialogs(() => (window.isDestroyed() ? undefined : window));
    const panel = await openPanel({
      workspace,
      engine: await chooseEngine(options.engine ?? settings.settings.engine, makers),
      host: {
        openExternal: (url) => shell.openExternal(url),
        openPath: async (folder) => void (await shell.openPath(folder)),
        chooseModelFile: () => dialogs.chooseModelFile(),
        secrets: keychain,
      },
      logger,
      disposables,
      env: process.env,
    });
    let engineSetting = settings.settings.engine;
    settings.onDidChange((changed) => {
      if (changed.engine === engineSetting) return;
      engineSetting = changed.engine;
      chooseEngine(changed.engine, makers)
        .then((engine) => panel.stack.setEngine(engine))
        .then(() => startsByItself(panel.stack.engine, changed) && panel.stack.start())
        .catch((error: unknown) => events.send({ kind: 'fault', error: toAppError(error).toData() }));
    });
    const router = createRouter({
      app: createAppRouter({
        info: {
          version: app.getVersion(),
          electron: process.versions.electron,
          platform: knownPlatform(process.platform),
          packaged: app.isPackaged,
        },
        events,
        logger,
        setUnsaved: (unsaved) => guard.setUnsaved(unsaved),
        confirmQuit: (quit) => guard.answer(quit),
        openLogFolder: async () => void (await shell.openPath(paths.logs)),
      }),
      panel,
      settings,
      workspaceChooser: {
        chooseWorkspace: async () => {
          const folder = await dialogs.chooseFolder();
          if (folder === undefined) return false;
          await rememberWorkspace(paths.lastWorkspace, folder);
          app.relaunch({ args: withoutWorkspace(process.argv.slice(1)) });
          guard.request();
          return true;
        },
      },
    });
    return { panel, server: createRpcServer(router, logger) };
  }

  function wireDesktop(panel: Panel): void {
    const command = (name: Parameters<Parameters<typeof setApplicationMenu>[2]['command']>[0]) => {
      showWindow();
      events.send({ kind: 'command', command: name });
    };
    const quietly = (run: () => void) => {
      try {
        run();
      } catch (error) {
        events.send({ kind: 'fault', error: toAppError(error).toData() });
      }
    };
    const drawMenu = () =>
      setApplicationMenu(settings.language, process.platform, {
        command,
        openWorkspace: () => void panel.stack.openWorkspace(),
        openLogs: () => void shell.openPath(paths.logs),
        quit: () => guard.request(),
      });
    drawMenu();
    const tray = new StackTray(paths.assets, {
      show: showWindow,
      start: () => quietly(() => panel.stack.start()),
      stop: () => quietly(() => panel.stack.stop()),
      quit: () => guard.request(),
    });
    disposables.add('tray', () => tray.dispose());
    settings.onDidChange((changed) => {
      nativeTheme.themeSource = changed.theme;
      drawMenu();
      tray.update(panel.stack.snapshot.state, settings.language);
    });
    const following = new AbortController();
    disposables.add('reports', () => following.abort());
    void followTray(panel, tray, settings, following.signal);
    void reportToTerminal(
      panel.stack.subscribe(following.signal),
      { version: app.getVersion(), envFile: path.join(directory, '.env') },
      say,
    );
    if (startsByItself(panel.stack.engine, settings.settings)) quietly(() => panel.stack.start());
  }
}

/** Closing the window quits, or hides it where the settings say so; quitting asks about unsaved text first. */
function wireLifecycle(
  window: BrowserWindow,
  guard: QuitGuard,
  settings: SettingsService,
  showWindow: () => void,
): void {
  window.on('close', (event) => {
    if (guard.isEnding) return;
    event.preventDefault();
    if (settings.settings.closeToTray) window.hide();
    else guard.request();
  });
  window.webContents.on('render-process-gone', () => guard.setUnsaved(false));
  app.on('before-quit', (event) => {
    if (guard.isEnding) return;
    event.preventDefault();
    guard.request();
  });
  app.on('second-instance', showWindow);
  app.on('activate', showWindow);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => guard.end());
}

async function followTray(
  panel: Panel,
  tray: StackTray,
  settings: SettingsService,
  signal: AbortSignal,
): Promise<void> {
  let before: string | undefined;
  for await (const { state } of panel.stack.subscribe(signal)) {
    const now = `${state} ${settings.language}`;
    if (now !== before) tray.update(state, settings.language);
    before = now;
  }
}

function knownPlatform(platform: string): 'linux' | 'darwin' | 'win32' | 'other' {
  return platform === 'linux' || platform === 'darwin' || platform === 'win32' ? platform : 'other';
}

function withoutWorkspace(args: readonly string[]): string[] {
  return args.filter(
    (word, at) =>
      !word.startsWith('--workspace') && !(args[at - 1] === '--workspace' && !word.startsWith('--')),
  );
}
