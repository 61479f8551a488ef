import type { StackService } from '../../main/stack/stack-service.ts';
import type { AppErrorData } from '../../shared/errors/app-error.ts';
import type { RunRecord } from '../../shared/stack/run-record.ts';
import { type CliContext, printJson } from '../cli-context.ts';
import { EXIT } from '../exit-codes.ts';
import { formatError, inEnglishOnly } from '../format/format-error.ts';
import { createProgressView } from '../progress/run-progress.ts';

/** Does one operation of the stack to its end, shows how far it is, and cancels it with Ctrl-C. */
export async function runOperation(
  context: CliContext,
  stack: StackService,
  begin: () => { readonly operationId: string },
): Promise<RunRecord> {
  context.signal.throwIfAborted();
  const { operationId } = begin();
  const view = createProgressView(context);
  const watching = new AbortController();
  const cancel = () => {
    try {
      stack.cancel(operationId);
    } catch {
      // It has just ended by itself.
    }
  };
  context.signal.addEventListener('abort', cancel, { once: true });
  const showing = show(stack, operationId, view.show, watching.signal);
  try {
    const record = await stack.finished(operationId);
    view.show(record);
    return record;
  } finally {
    context.signal.removeEventListener('abort', cancel);
    watching.abort();
    await showing;
    view.end();
  }
}

/** Prints what came of a run, and says the exit code. */
export function reportRun(context: CliContext, record: RunRecord): number {
  if (context.globals.json === true) printJson(context, plainRecord(record));
  else reportFailure(context, record);
  if (record.outcome === 'done') return EXIT.ok;
  return record.outcome === 'failed' ? EXIT.failed : EXIT.cancelled;
}

function plainRecord({ error, steps, ...record }: RunRecord): RunRecord {
  const plain = (data: AppErrorData | undefined) =>
    data === undefined ? {} : { error: inEnglishOnly(data) };
  return {
    ...record,
    steps: steps.map(({ error: ofStep, ...step }) => ({ ...step, ...plain(ofStep) })),
    ...plain(error),
  };
}

function reportFailure({ paint, stderr }: CliContext, record: RunRecord): void {
  for (const step of record.steps) {
    if (step.status !== 'failed') continue;
    for (const line of step.output) stderr.write(`${paint.err('dim', `  │ ${line}`)}\n`);
    if (step.error !== undefined && step.error.message !== record.error?.message)
      stderr.write(`${formatError(step.error, paint.err)}\n`);
  }
  if (record.error !== undefined) stderr.write(`${formatError(record.error, paint.err)}\n`);
  if (record.rolledBack !== undefined && record.rolledBack.length > 0)
    stderr.write(`What ran before runs again: ${record.rolledBack.join(', ')}\n`);
  if (record.outcome === 'cancelled' || record.outcome === 'interrupted') stderr.write('cancelled\n');
}

async function show(
  stack: StackService,
  id: string,
  onRun: (run: RunRecord) => void,
  signal: AbortSignal,
): Promise<void> {
  for await (const { run } of stack.subscribe(signal)) {
    if (signal.aborted) return;
    if (run?.id === id) onRun(run);
  }
}
