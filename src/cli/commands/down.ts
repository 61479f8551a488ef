import type { CommandRun } from '../cli-context.ts';
import { withStack } from '../project/open-stack.ts';
import { reportRun, runOperation } from '../project/run-operation.ts';
import { optionsOf } from './options-of.ts';
import { type DownFlags, downRequest } from './up-request.ts';

/** Works without readable files: what is there is known from its labels. */
export const run: CommandRun = (context, input) =>
  withStack(context, async (stack) => {
    const request = downRequest(optionsOf<DownFlags>(input), input.args);
    return reportRun(context, await runOperation(context, stack, () => stack.stop(request)));
  });
