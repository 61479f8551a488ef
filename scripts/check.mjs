// npm run check: format, lint, types, unused code, unit tests. Under a minute, needs no display and no engine.
import { runChecks } from './checks.mjs';
import { demoModel } from './setup/demo-model.mjs';
import { npmInstall } from './setup/npm-install.mjs';
import { runMain, step } from './setup/step-runner.mjs';
import { addResults, printClosingLine } from './test-results.mjs';
import { runVitest } from './test-suites.mjs';

await runMain(async () => {
  await step('npm packages', npmInstall);
  await step('demo model', demoModel);
  const results = addResults([await runChecks(), await runVitest('unit')]);
  return printClosingLine(results);
});
