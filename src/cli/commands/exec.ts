import type { ExecOptions } from '../../main/engine/stack-engine.ts';
import type { CliContext, CommandRun } from '../cli-context.ts';
import { parseEnvironment } from '../parse-values.ts';
import { projectName, runningContainer } from '../project/observe-project.ts';
import { withEngine } from '../project/open-engine.ts';
import { attachSession, terminalSize, wantsTty } from '../session/attach-session.ts';
import { optionsOf } from './options-of.ts';
import { unavailable } from './unavailable.ts';

export interface SessionFlags {
  /** `false`: `-T`, `--no-tty`. */
  readonly tty?: boolean;
  readonly interactive?: boolean;
  readonly user?: string;
  readonly workdir?: string;
  readonly env?: readonly string[];
}

interface ExecFlags extends SessionFlags {
  readonly index?: number;
  readonly privileged?: boolean;
}

export const run: CommandRun = async (context, input) => {
  const flags = optionsOf<ExecFlags>(input);
  const [service = '', ...command] = input.args;
  const name = await projectName(context);
  return await withEngine(context, async (engine) => {
    const container = await runningContainer(engine, name, service, flags.index, context.signal);
    const options = {
      ...sessionOptions(context, flags),
      command,
      ...(flags.privileged === true ? { privileged: true } : {}),
    };
    if (engine.exec === undefined) throw unavailable('exec');
    const session = await engine.exec(container.id, options, context.signal);
    return await attachSession(context, session, options);
  });
};

/** What `exec` and `run` have in common. */
export function sessionOptions(context: CliContext, flags: SessionFlags): Omit<ExecOptions, 'command'> {
  const tty = flags.tty !== false && wantsTty(context);
  const size = tty ? terminalSize(context) : undefined;
  return {
    tty,
    interactive: flags.interactive !== false,
    environment: parseEnvironment(flags.env ?? [], context.env),
    ...(size === undefined ? {} : { size }),
    ...(flags.user === undefined ? {} : { user: flags.user }),
    ...(flags.workdir === undefined ? {} : { workingDir: flags.workdir }),
  };
}
