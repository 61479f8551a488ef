import type { CommandRun } from '../cli-context.ts';
import { checkServices } from '../project/choose-services.ts';
import { requireProject, withStack } from '../project/open-stack.ts';
import { reportRun, runOperation } from '../project/run-operation.ts';
import { optionsOf } from './options-of.ts';

export const runPull: CommandRun = (context, input) =>
  withStack(context, async (stack) => {
    checkServices(requireProject(stack), input.args);
    return reportRun(context, await runOperation(context, stack, () => stack.pull({ services: input.args })));
  });

export const runBuild: CommandRun = (context, input) =>
  withStack(context, async (stack) => {
    checkServices(requireProject(stack), input.args);
    const { cache } = optionsOf<{ cache?: boolean }>(input);
    const request = { services: input.args, ...(cache === false ? { noCache: true } : {}) };
    return reportRun(context, await runOperation(context, stack, () => stack.build(request)));
  });
