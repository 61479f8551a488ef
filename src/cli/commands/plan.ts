import { type CommandRun, print, printJson } from '../cli-context.ts';
import { EXIT } from '../exit-codes.ts';
import { formatPlan, hasChanges } from '../format/format-plan.ts';
import { checkServices } from '../project/choose-services.ts';
import { requireProject, withStack } from '../project/open-stack.ts';
import { optionsOf } from './options-of.ts';
import { type DownFlags, downRequest, type UpFlags, upRequest } from './up-request.ts';

interface PlanFlags extends UpFlags, DownFlags {
  readonly down?: boolean;
  readonly exitCode?: boolean;
}

export const run: CommandRun = (context, input) =>
  withStack(context, async (stack) => {
    const flags = optionsOf<PlanFlags>(input);
    if (flags.down !== true) checkServices(requireProject(stack), input.args);
    const plan = await stack.plan(
      flags.down === true
        ? { direction: 'down', ...downRequest(flags, input.args) }
        : { direction: 'up', ...upRequest(flags, input.args) },
    );
    if (context.globals.json === true) printJson(context, plan);
    else print(context, formatPlan(plan, context.paint.out));
    return flags.exitCode === true && hasChanges(plan) ? EXIT.differs : EXIT.ok;
  });
