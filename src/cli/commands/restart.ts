import { type CommandRun, printJson } from '../cli-context.ts';
import { EXIT } from '../exit-codes.ts';
import { checkServices } from '../project/choose-services.ts';
import { requireProject, withStack } from '../project/open-stack.ts';
import { reportRun, runOperation } from '../project/run-operation.ts';

/** One run for each service that is named, else one for all; the first that fails is the last. */
export const run: CommandRun = (context, input) =>
  withStack(context, async (stack) => {
    checkServices(requireProject(stack), input.args);
    const wanted = input.args.length === 0 ? [undefined] : input.args;
    const quiet = { ...context, globals: { ...context.globals, json: false } };
    const records = [];
    for (const service of wanted) {
      const record = await runOperation(context, stack, () => stack.restart({ service }));
      records.push(record);
      if (context.globals.json !== true) {
        const code = reportRun(quiet, record);
        if (code !== EXIT.ok) return code;
      }
      if (record.outcome !== 'done') break;
    }
    const last = records.at(-1);
    if (context.globals.json === true) printJson(context, records.length === 1 ? last : records);
    if (last === undefined || last.outcome === 'done') return EXIT.ok;
    return last.outcome === 'failed' ? EXIT.failed : EXIT.cancelled;
  });
