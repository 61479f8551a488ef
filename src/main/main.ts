import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, dialog, nativeTheme, protocol, session, shell } from 'electron';
import { type AppError, toAppError } from '../shared/errors/app-error.ts';
import { appPaths } from './app/process/app-paths.ts';
import { type CommandLine, parseCommandLine, withoutWorkspace } from './app/process/command-line.ts';
import { EngineChoice, engineMakers } from './app/process/engines.ts';
import { recoverFromRendererCrash, reportUncaughtFaults } from './app/process/faults.ts';
import { readLastWorkspace, rememberWorkspace } from './app/process/last-workspace.ts';
import { openLogFile } from './app/process/log-file.ts';
import { reportLine, reportToTerminal } from './app/process/terminal-report.ts';
import { denyPermissions, hardenWebContents } from './app/security/harden.ts';
import { APP_PAGE_URL } from './app/security/origin.ts';
import { registerPageScheme, servePage } from './app/security/page-protocol.ts';
import { AppEvents } from './app/shell/app-events.ts';
import { createAppRouter } from './app/shell/app-router.ts';
import { wireDesktop } from './app/shell/desktop.ts';
import { Dialogs } from './app/shell/dialogs.ts';
import { Keychain } from './app/shell/keychain.ts';
import { QuitGuard } from './app/shell/quit-guard.ts';
import { askAfterStartFailure } from './app/shell/start-failure.ts';
import type { Language } from './app/shell/strings.ts';
import { showWindow, wireLifecycle } from './app/window/lifecycle.ts';
import { createMainWindow } from './app/window/main-window.ts';
import { handOverPorts } from './app/window/port-handover.ts';
import { Disposables } from './lifetime/disposables.ts';
import { openPanel, startsByItself } from './panel.ts';
import { createRouter } from './rpc/router.ts';
import { createRpcServer } from './rpc/serve-rpc.ts';
import { SettingsService } from './settings/settings-service.ts';
import { openWorkspace } from './workspace/open-workspace.ts';

// The page is served by ourselves in a package; `npm run dev` serves it with hot reload.
const pageUrl = (!app.isPackaged && process.env.ELECTRON_RENDERER_URL) || APP_PAGE_URL;
/** What a start that fails has found out by then. */
const begun: { language: Language; lastWorkspaceFile?: string } = { language: 'en' };
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
      return endFailedStart(fault);
    })
    .catch(() => app.exit(1));
}

/** Another folder may mend it: the next start then takes that one. */
async function endFailedStart(fault: AppError): Promise<void> {
  // Without its services the page has nothing to say, and it would cover the question.
  for (const window of BrowserWindow.getAllWindows()) {
    window.removeAllListeners('ready-to-show');
    window.hide();
  }
  const folder = await askAfterStartFailure(dialog, fault, begun.language);
  if (folder !== undefined && begun.lastWorkspaceFile !== undefined) {
    await rememberWorkspace(begun.lastWorkspaceFile, folder);
    app.relaunch({ args: withoutWorkspace(process.argv.slice(1)) });
  }
  app.exit(1);
}

async function run(options: CommandLine): Promise<void> {
  const version = app.getVersion();
  const paths = appPaths({
    mainDir: path.dirname(fileURLToPath(import.meta.url)),
    resources: process.resourcesPath,
    packaged: app.isPackaged,
    userData: app.getPath('userData'),
  });
  begun.lastWorkspaceFile = paths.lastWorkspace;
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

  begun.language = settings.language;
  hardenWebContents(app, pageUrl, logger);
  denyPermissions(session.defaultSession, pageUrl);
  servePage(protocol, paths.page);
  nativeTheme.themeSource = settings.settings.theme;
  const { window, saveState } = createMainWindow({
    preload: paths.preload,
    icon: path.join(paths.assets, 'icon.png'),
    stateFile: paths.windowState,
    logger,
  });
  disposables.add('window state', saveState);
  const dialogs = new Dialogs(() => (window.isDestroyed() ? undefined : window));
  const guard = new QuitGuard({
    events,
    showWindow: () => showWindow(window),
    shutDown: async () => {
      logger.info({}, 'quitting');
      await disposables.dispose();
      app.exit(0);
    },
  });
  wireLifecycle({ app, window, guard, settings });
  recoverFromRendererCrash({ app, window, dialog, logger, language: () => settings.language });

  // The page loads while the workspace opens; its first calls wait in their port.
  const opening = openStack();
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
  const [{ panel }] = await Promise.all([opening, window.loadURL(pageUrl)]);
  for (const [name, text] of [
    ['skilldeck', version],
    ['window', 'open'],
    ['workspace', directory],
  ] as const)
    say(reportLine(name, text));
  wireDesktop({
    stack: panel.stack,
    settings,
    events,
    disposables,
    assets: paths.assets,
    showWindow: () => showWindow(window),
    openLogs: () => void shell.openPath(paths.logs),
    quit: () => guard.request(),
  });
  if (startsByItself(panel.stack.engine, settings.settings)) panel.stack.start();
  const reporting = new AbortController();
  disposables.add('terminal report', () => reporting.abort());
  void reportToTerminal(
    panel.stack.subscribe(reporting.signal),
    { version, envFile: path.join(directory, '.env') },
    say,
  );

  async function openStack() {
    const workspace = await openWorkspace({ directory, bundleDir: paths.bundle, version });
    await rememberWorkspace(paths.lastWorkspace, directory);
    const makers = engineMakers({
      bundleDir: paths.bundle,
      sandboxDir: workspace.paths.sandbox,
      version,
      logger,
    });
    const engines = new EngineChoice({ settings, makers, events });
    const panel = await openPanel({
      workspace,
      engine: await engines.first(options.engine),
      contexts: engines,
      projectsFile: paths.projects,
      host: {
        openExternal: (url) => shell.openExternal(url),
        openPath: async (folder) => void (await shell.openPath(folder)),
        chooseModelFile: () => dialogs.chooseModelFile(),
        chooseProject: (what) => dialogs.chooseProject(what),
        secrets: keychain,
      },
      logger,
      disposables,
      env: process.env,
    });
    engines.follow(panel);
    const router = createRouter({
      app: createAppRouter({
        info: {
          version,
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
      workspaceChooser: { chooseWorkspace },
    });
    return { panel, server: createRpcServer(router, logger) };
  }

  /** Another workspace is another start: everything that is open belongs to this one. */
  async function chooseWorkspace(): Promise<boolean> {
    const folder = await dialogs.chooseFolder();
    if (folder === undefined) return false;
    await rememberWorkspace(paths.lastWorkspace, folder);
    app.relaunch({ args: withoutWorkspace(process.argv.slice(1)) });
    guard.request();
    return true;
  }
}

function knownPlatform(platform: string): 'linux' | 'darwin' | 'win32' | 'other' {
  return platform === 'linux' || platform === 'darwin' || platform === 'win32' ? platform : 'other';
}
