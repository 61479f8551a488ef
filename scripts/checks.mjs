import { run } from './setup/run-command.mjs';
import { step } from './setup/step-runner.mjs';

/** What is checked without running the product; each is one line when it holds. @type {readonly [string, string, string[]][]} */
const CHECKS = [
  ['format and lint', 'biome', ['check', '--error-on-warnings', '.']],
  ['types', 'tsc', ['-b']],
  // Releases are built on the newest Electron, but the app must also be right on the oldest one that it is run with.
  ['types, electron 33', 'tsc', ['-p', 'scripts/electron33/main.json']],
  ['preload, electron 33', 'tsc', ['-p', 'scripts/electron33/preload.json']],
  ['unused code', 'knip', ['--no-progress']],
];

/**
 * Runs all checks, also after one has failed.
 *
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runChecks() {
  let failed = 0;
  for (const [name, command, args] of CHECKS) {
    try {
      await step(name, () => run(command, args).then(() => undefined));
    } catch (error) {
      failed += 1;
      console.error(error instanceof Error ? error.message : error);
    }
  }
  return { passed: CHECKS.length - failed, failed };
}
