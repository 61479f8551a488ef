// npm run bench -- NAME […]: runs bench/NAME.ts, which prints one JSON object on its last line.
import { existsSync, readdirSync } from 'node:fs';
import { benchPeers } from './setup/bench-peers.mjs';
import { build } from './setup/build.mjs';
import { demoModel } from './setup/demo-model.mjs';
import { inRepository, toolEnvironment } from './setup/paths.mjs';
import { runVisibly } from './setup/run-command.mjs';
import { SetupError } from './setup/setup-error.mjs';
import { runMain, step } from './setup/step-runner.mjs';
import { withDisplay } from './setup/virtual-display.mjs';

await runMain(async () => {
  const [name, ...args] = process.argv.slice(2);
  const file = inRepository('bench', `${name}.ts`);
  if (!name || !existsSync(file)) {
    const names = readdirSync(inRepository('bench')).filter((entry) => entry.endsWith('.ts'));
    throw new SetupError(
      name ? `There is no benchmark "${name}".` : 'Which benchmark?',
      `npm run bench -- ${names.map((entry) => entry.replace(/\.ts$/, '')).join(' | ')}`,
    );
  }
  await step('demo model', demoModel);
  await step('build', build);
  if (name.startsWith('gateway-')) await step('peers', benchPeers);
  return await withDisplay((display) =>
    runVisibly('node', [file, ...args], { env: toolEnvironment({ ...display, NODE_ENV: 'production' }) }),
  );
});
