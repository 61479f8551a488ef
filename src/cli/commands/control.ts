import type { ControlRequest } from '../../main/stack/stack-requests.ts';
import type { CommandRun } from '../cli-context.ts';
import { checkServices } from '../project/choose-services.ts';
import { withStack } from '../project/open-stack.ts';
import { reportRun, runOperation } from '../project/run-operation.ts';
import { optionsOf } from './options-of.ts';

interface ControlFlags {
  readonly signal?: string;
  readonly timeout?: number;
}

/** `start`, `stop` and `kill`: what exists, without creating or removing. */
function control(action: ControlRequest['action']): CommandRun {
  return (context, input) =>
    withStack(context, async (stack) => {
      const flags = optionsOf<ControlFlags>(input);
      if (stack.project !== undefined) checkServices(stack.project, input.args);
      const request: ControlRequest = {
        action,
        services: input.args,
        ...(flags.signal === undefined ? {} : { signal: flags.signal }),
        ...(flags.timeout === undefined ? {} : { timeoutMs: flags.timeout * 1000 }),
      };
      return reportRun(context, await runOperation(context, stack, () => stack.control(request)));
    });
}

export const runStart = control('start');
export const runStop = control('stop');
export const runKill = control('kill');
