import { build } from './build.mjs';
import { demoModel } from './demo-model.mjs';
import { electronRuntime } from './electron-runtime.mjs';
import { gatewayNative } from './gateway-native.mjs';
import { npmInstall } from './npm-install.mjs';
import { step } from './step-runner.mjs';
import { systemLibraries } from './system-libraries.mjs';

/** What running the app needs, from an empty clone. */
export async function prepareApp() {
  await step('npm packages', npmInstall);
  await step('electron runtime', electronRuntime);
  await step('system libraries', systemLibraries);
  await step('gateway native', gatewayNative);
  await step('demo model', demoModel);
  await step('build', build);
}
