// npm start [-- --workspace DIR …]: sets up what is missing and starts the app. Uses Node's own modules only.

import { runMain } from './setup/step-runner.mjs';
import { prepareApp } from './setup/steps.mjs';

await runMain(async () => {
  await prepareApp();
  // Loaded late: it reads what the set-up has just made.
  const { startApp } = await import('./setup/start-app.mjs');
  return await startApp(process.argv.slice(2));
});
