import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findElectron } from './electron-path.mjs';
import { inRepository, LOCAL_CACHE_DIR, toolEnvironment } from './setup/paths.mjs';
import { runVisibly, tryRun } from './setup/run-command.mjs';
import { withDisplay } from './setup/virtual-display.mjs';
import { readPlaywrightReport, readVitestReport } from './test-results.mjs';

/** @typedef {import('./test-results.mjs').Results} Results */

const NO_RESULTS = { passed: 0, failed: 0, skipped: 0 };

/**
 * Where a suite writes its report; an old one is removed, so that it is never taken for the new one.
 *
 * @param {string} name
 */
function freshReport(name) {
  const folder = join(LOCAL_CACHE_DIR, 'reports');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.json`);
  rmSync(file, { force: true });
  return file;
}

/**
 * @param {'unit' | 'process' | 'docker'} project
 * @param {readonly string[]} [files]
 * @returns {Promise<Results>}
 */
export async function runVitest(project, files = []) {
  const report = freshReport(project);
  const reporters = [
    '--reporter=dot',
    `--reporter=${inRepository('scripts', 'skip-reporter.mjs')}`,
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const code = await runVisibly('vitest', [
    'run',
    '--project',
    project,
    '--passWithNoTests',
    ...reporters,
    ...files,
  ]);
  const results = readVitestReport(report);
  // Without a failed test the run itself went wrong: an unhandled error, a broken configuration.
  return code !== 0 && results.failed === 0 ? { ...results, failed: 1 } : results;
}

/**
 * Runs the window tests with the Electron of this machine, on a display of their own where there is none.
 *
 * @param {readonly string[]} args
 * @returns {Promise<Results>}
 */
export async function runPlaywright(args = []) {
  const report = freshReport('e2e');
  const code = await withDisplay((display) =>
    runVisibly('playwright', ['test', '--pass-with-no-tests', ...args], {
      env: playwrightEnvironment(report, display),
    }),
  );
  const results = readPlaywrightReport(report);
  return code !== 0 && results.failed === 0 ? { ...results, failed: 1 } : results;
}

/**
 * @param {string} report
 * @param {{ DISPLAY?: string }} display
 */
function playwrightEnvironment(report, display) {
  const env = toolEnvironment({
    ...display,
    SKILLDECK_ELECTRON: findElectron().executable,
    SKILLDECK_E2E_REPORT: report,
  });
  // Set by some shells and editors; it would turn every app under test into a plain Node.
  delete env.ELECTRON_RUN_AS_NODE;
  return env;
}

/**
 * Counts the tests that are left out because no Docker engine answers, so that they are not forgotten.
 *
 * @param {string} reason
 * @returns {Promise<Results>}
 */
export async function skipDockerTests(reason) {
  console.log(`skipped: the tests against Docker (${reason})`);
  const listed = await tryRun('vitest', ['list', '--project', 'docker', '--json']);
  try {
    return { ...NO_RESULTS, skipped: JSON.parse(listed.stdout).length };
  } catch {
    // The list is for the count only; one stands for all of them.
    return { ...NO_RESULTS, skipped: 1 };
  }
}
