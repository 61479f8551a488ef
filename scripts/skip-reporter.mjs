/**
 * Says what was left out, and why: the reason that a test gives to `context.skip(condition, reason)`, or what it or its suite
 * needs (`{ meta: { needs } }` beside `skipIf`). Tests of one file that miss the same thing share a line.
 *
 * Vitest loads a reporter by its file and takes the default export.
 */
export default class SkipReporter {
  /** @param {import('vitest/node').TestModule} module */
  onTestModuleEnd(module) {
    /** @type {Map<string, string[]>} */
    const byReason = new Map();
    for (const test of module.children.allTests('skipped')) {
      const reason = reasonOf(test);
      byReason.set(reason, [...(byReason.get(reason) ?? []), test.fullName]);
    }
    for (const [reason, names] of byReason) {
      const what = names.length === 1 ? names[0] : `${names.length} tests`;
      console.log(`\nskipped: ${what} in ${module.relativeModuleId} (${reason})`);
    }
  }
}

/** @param {import('vitest/node').TestCase} test */
function reasonOf(test) {
  const result = test.result();
  const note = result.state === 'skipped' ? result.note : undefined;
  const { needs } = test.meta();
  return note ?? (needs === undefined ? 'no reason given' : `needs ${needs}`);
}
