import { SetupError } from './setup-error.mjs';

/** @typedef {{ isUpToDate?: boolean, note?: string }} StepResult */

const seconds = (/** @type {number} */ startedAt) =>
  `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;

/**
 * Runs one step and prints one line for it: what it is, what came of it, how long it took.
 *
 * A step finds out by itself whether there is anything to do, so that every run may call all of them.
 *
 * @param {string} name
 * @param {() => Promise<StepResult | void> | StepResult | void} work
 */
export async function step(name, work) {
  const startedAt = performance.now();
  const label = name.padEnd(18);
  try {
    const result = (await work()) ?? {};
    const note = result.note ? `${result.note}  ` : '';
    console.log(
      result.isUpToDate ? `· ${label} ${note}up to date` : `✓ ${label} ${note}${seconds(startedAt)}`,
    );
  } catch (error) {
    console.log(`✗ ${label} failed after ${seconds(startedAt)}`);
    throw error;
  }
}

/**
 * Runs a script's main function. Problems end as a readable message and exit code 1, without a stack for the expected ones.
 *
 * @param {() => Promise<number | void>} main returns the exit code
 */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    const isExpected = error instanceof SetupError;
    console.error(`\n${isExpected ? error.message : error instanceof Error ? error.stack : error}`);
    process.exitCode = 1;
  }
}
