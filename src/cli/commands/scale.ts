import type { CommandRun } from '../cli-context.ts';
import { parseScale } from '../parse-values.ts';
import { checkServices } from '../project/choose-services.ts';
import { requireProject, withStack } from '../project/open-stack.ts';
import { reportRun, runOperation } from '../project/run-operation.ts';
import { optionsOf } from './options-of.ts';

/** `scale web=3 worker=0`, in one run. */
export const run: CommandRun = (context, input) =>
  withStack(context, async (stack) => {
    const scale = input.args.reduce<Record<string, number>>((all, text) => parseScale(text, all), {});
    checkServices(requireProject(stack), Object.keys(scale));
    const { deps } = optionsOf<{ deps?: boolean }>(input);
    const request = { scale, ...(deps === false ? { noDeps: true } : {}) };
    return reportRun(context, await runOperation(context, stack, () => stack.scale(request)));
  });
