// Builds the app and the command line into out/ and the stack's services into stack/*/dist: npm run build
import { buildCli } from './build-cli.mjs';
import { buildStack } from './build-stack.mjs';
import { electronMajor, findElectron } from './electron-path.mjs';
import { toolEnvironment } from './setup/paths.mjs';
import { run } from './setup/run-command.mjs';
import { runMain, step } from './setup/step-runner.mjs';

await runMain(async () => {
  await step('build stack', buildStack);
  await step('build cli', buildCli);
  await step('build app', async () => {
    // electron-vite builds for the Electron it would start; the installed package may be newer than the runtime.
    const env = toolEnvironment({
      NODE_ENV: 'production',
      ELECTRON_MAJOR_VER: String(electronMajor(findElectron())),
    });
    await run('electron-vite', ['build', '--logLevel', 'warn'], { env });
  });
});
