// npm run e2e [-- playwright's own arguments]: the window tests on what is built now.
import { build } from './setup/build.mjs';
import { demoModel } from './setup/demo-model.mjs';
import { runMain, step } from './setup/step-runner.mjs';
import { addResults, printClosingLine } from './test-results.mjs';
import { runPlaywright } from './test-suites.mjs';

await runMain(async () => {
  await step('demo model', demoModel);
  await step('build', build);
  return printClosingLine(addResults([await runPlaywright(process.argv.slice(2))]));
});
