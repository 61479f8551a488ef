let answers: (() => void)[] = [];
let reports: (() => void)[] = [];

/** Runs once all that has arrived in this turn of the event loop has been looked at. It must not throw. */
export function atTurnEnd(answer: () => void): void {
  schedule();
  answers.push(answer);
}

/** Runs after all of {@link atTurnEnd}: what nobody waits for. */
export function afterTurnEnd(report: () => void): void {
  schedule();
  reports.push(report);
}

function schedule(): void {
  if (answers.length === 0 && reports.length === 0) setImmediate(run);
}

function run(): void {
  const all = [...answers, ...reports];
  answers = [];
  reports = [];
  for (const one of all) one();
}
