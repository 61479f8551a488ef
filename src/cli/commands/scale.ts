import { AppError } from '../../shared/errors/app-error.ts';
import { type CommandRun, printJson } from '../cli-context.ts';
import { EXIT } from '../exit-codes.ts';
import { parseScale } from '../parse-values.ts';
import { checkServices } from '../project/choose-services.ts';
import { requireProject, withStack } from '../project/open-stack.ts';
import { reportRun, runOperation } from '../project/run-operation.ts';

/** `scale web=3 worker=0` */
export const run: CommandRun = (context, input) =>
  withStack(context, async (stack) => {
    const wanted = Object.entries(
      input.args.reduce<Record<string, number>>((all, text) => parseScale(text, all), {}),
    );
    if (wanted.length === 0) throw new AppError('invalid_input', 'Say what to scale: SERVICE=NUMBER.');
    checkServices(
      requireProject(stack),
      wanted.map(([service]) => service),
    );
    const records = [];
    for (const [service, replicas] of wanted) {
      const record = await runOperation(context, stack, () => stack.scale({ service, replicas }));
      records.push(record);
      if (record.outcome === 'done') continue;
      if (context.globals.json !== true) return reportRun(context, record);
      break;
    }
    const last = records.at(-1);
    if (context.globals.json === true) printJson(context, records.length === 1 ? last : records);
    return last?.outcome === 'done' ? EXIT.ok : last?.outcome === 'failed' ? EXIT.failed : EXIT.cancelled;
  });
