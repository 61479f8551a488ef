import { existsSync, readFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped?: number }} Results */

/** A suite that did not get as far as its report counts as one failure. @type {Results} */
const NO_REPORT = { passed: 0, failed: 1 };

/** @param {string} file @returns {Results} */
export function readVitestReport(file) {
  if (!existsSync(file)) return NO_REPORT;
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const skipped = report.testResults.flatMap((/** @type {any} */ suite) =>
    suite.assertionResults.filter((/** @type {any} */ test) =>
      ['pending', 'skipped', 'todo'].includes(test.status),
    ),
  );
  // A file that fails to load reports no test at all.
  const broken = report.testResults.filter(
    (/** @type {any} */ suite) => suite.status === 'failed' && suite.assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: skipped.length,
  };
}

/** @param {string} file @returns {Results} */
export function readPlaywrightReport(file) {
  if (!existsSync(file)) return NO_REPORT;
  const report = JSON.parse(readFileSync(file, 'utf8'));
  for (const spec of report.suites.flatMap(specsOf)) {
    for (const test of spec.tests) {
      if (test.status !== 'skipped') continue;
      const reason = test.annotations.find((/** @type {any} */ note) => note.type === 'skip')?.description;
      console.log(`skipped: ${spec.title}${reason ? ` (${reason})` : ''}`);
    }
  }
  const { expected, unexpected, flaky, skipped } = report.stats;
  return { passed: expected + flaky, failed: unexpected + report.errors.length, skipped };
}

/** @param {any} suite @returns {any[]} */
function specsOf(suite) {
  return [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)];
}

/** @param {readonly Results[]} all */
export function addResults(all) {
  const sum = (/** @type {(results: Results) => number} */ pick) =>
    all.reduce((total, one) => total + pick(one), 0);
  return {
    passed: sum((one) => one.passed),
    failed: sum((one) => one.failed),
    skipped: sum((one) => one.skipped ?? 0),
  };
}

/**
 * Prints the closing line and returns the exit code that goes with it.
 *
 * @param {Required<Results>} results
 */
export function printClosingLine({ passed, failed, skipped }) {
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return failed > 0 ? 1 : 0;
}
