import type { CommandRun } from '../cli-context.ts';
import { checkServices } from '../project/choose-services.ts';
import { requireProject, withStack } from '../project/open-stack.ts';
import { reportRun, runOperation } from '../project/run-operation.ts';
import { optionsOf } from './options-of.ts';

interface RestartFlags {
  /** `false`: `--no-deps`. */
  readonly deps?: boolean;
  /** Seconds. */
  readonly timeout?: number;
}

/** All that are named in one run, dependants down first and dependencies up first. */
export const run: CommandRun = (context, input) =>
  withStack(context, async (stack) => {
    const { deps, timeout } = optionsOf<RestartFlags>(input);
    checkServices(requireProject(stack), input.args);
    const request = {
      services: input.args,
      ...(deps === false ? { noDeps: true } : {}),
      ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000 }),
    };
    return reportRun(context, await runOperation(context, stack, () => stack.restart(request)));
  });
