import type { CommandRun } from '../cli-context.ts';
import { checkServices } from '../project/choose-services.ts';
import { requireProject, withStack } from '../project/open-stack.ts';
import { reportRun, runOperation } from '../project/run-operation.ts';
import { optionsOf } from './options-of.ts';
import { type UpFlags, upRequest } from './up-request.ts';

export const run: CommandRun = (context, input) =>
  withStack(context, async (stack) => {
    const request = upRequest(optionsOf<UpFlags>(input), input.args);
    checkServices(requireProject(stack), [...input.args, ...Object.keys(request.scale ?? {})]);
    return reportRun(context, await runOperation(context, stack, () => stack.start(request)));
  });
