// npm run dev: the app with the renderer served by Vite, reloaded as files change.
import { buildStack } from './build-stack.mjs';
import { electronMajor, findElectron } from './electron-path.mjs';
import { toolEnvironment } from './setup/paths.mjs';
import { runVisibly } from './setup/run-command.mjs';
import { runMain, step } from './setup/step-runner.mjs';
import { withDisplay } from './setup/virtual-display.mjs';

await runMain(async () => {
  await step('build stack', buildStack);
  const electron = findElectron();
  const sandboxArgs = electron.args.includes('--no-sandbox') ? ['--noSandbox'] : [];
  return await withDisplay((display) => {
    const env = toolEnvironment({
      ...display,
      NODE_ENV: 'development',
      ELECTRON_EXEC_PATH: electron.executable,
      ELECTRON_MAJOR_VER: String(electronMajor(electron)),
    });
    return runVisibly('electron-vite', ['dev', '--watch', ...sandboxArgs, '--', ...process.argv.slice(2)], {
      env,
    });
  });
});
