import type { CommandRun } from '../cli-context.ts';
import { parseWords } from '../parse-values.ts';
import { checkServices } from '../project/choose-services.ts';
import { requireProject, withStack } from '../project/open-stack.ts';
import { reportRun, runOperation } from '../project/run-operation.ts';
import { attachSession } from '../session/attach-session.ts';
import { type SessionFlags, sessionOptions } from './exec.ts';
import { optionsOf } from './options-of.ts';
import { unavailable } from './unavailable.ts';

interface RunFlags extends SessionFlags {
  readonly rm?: boolean;
  readonly entrypoint?: string;
  readonly name?: string;
  readonly servicePorts?: boolean;
  /** `false`: `--no-deps`. */
  readonly deps?: boolean;
}

/** One command in a container of its own, after the services that it depends on have been started. */
export const run: CommandRun = (context, input) =>
  withStack(context, async (stack) => {
    const flags = optionsOf<RunFlags>(input);
    const [name = '', ...command] = input.args;
    const project = requireProject(stack);
    checkServices(project, [name]);
    const { engine } = stack;
    if (engine.runOneOff === undefined) throw unavailable('run');
    const needed = Object.keys(project.services[name]?.dependsOn ?? {});
    if (flags.deps !== false && needed.length > 0) {
      const quiet = { ...context, globals: { ...context.globals, json: false } };
      const record = await runOperation(quiet, stack, () => stack.start({ services: needed }));
      if (record.outcome !== 'done') return reportRun(context, record);
    }
    const options = sessionOptions(context, flags);
    const session = await engine.runOneOff(
      project,
      name,
      {
        ...options,
        ...(command.length === 0 ? {} : { command }),
        ...(flags.entrypoint === undefined ? {} : { entrypoint: parseWords(flags.entrypoint) }),
        ...(flags.name === undefined ? {} : { name: flags.name }),
        ...(flags.servicePorts === true ? { servicePorts: true } : {}),
        ...(flags.rm === true ? {} : { keep: true }),
      },
      context.signal,
    );
    return await attachSession(context, session, options);
  });
