/**
 * Prints each test that was left out, with the reason that it gave to `context.skip(condition, reason)`.
 *
 * Vitest loads a reporter by its file and takes the default export.
 */
export default class SkipReporter {
  /** @param {import('vitest/node').TestCase} test */
  onTestCaseResult(test) {
    const result = test.result();
    if (result.state !== 'skipped') return;
    console.log(`\nskipped: ${test.fullName} (${result.note ?? 'no reason given'})`);
  }
}
