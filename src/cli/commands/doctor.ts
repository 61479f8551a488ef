import type { StackEngine } from '../../main/engine/stack-engine.ts';
import { toAppError } from '../../shared/errors/app-error.ts';
import { type CliContext, type CommandRun, print, printJson } from '../cli-context.ts';
import { type Check, failed } from '../doctor/check.ts';
import { checkDisk, checkProxy } from '../doctor/check-machine.ts';
import { checkFiles, checkPorts } from '../doctor/check-project.ts';
import { EXIT } from '../exit-codes.ts';
import { cliSource } from '../project/cli-source.ts';
import { createEngine } from '../project/open-engine.ts';

const MARKS = { ok: ['green', '✔'], warn: ['yellow', '!'], fail: ['red', '✘'] } as const;

/** Changes nothing. Fails when something would keep `up` from working. */
export const run: CommandRun = async (context) => {
  const engine = await createEngine(context);
  try {
    const checks = await examine(context, engine);
    if (context.globals.json === true) printJson(context, checks);
    else for (const check of checks) print(context, line(context, check));
    return checks.some(({ status }) => status === 'fail') ? EXIT.failed : EXIT.ok;
  } finally {
    await engine.dispose();
  }
};

async function examine(context: CliContext, engine: StackEngine): Promise<readonly Check[]> {
  const [connection, project] = await Promise.all([
    engine.connect(context.signal).catch((error: unknown) => toAppError(error).toData()),
    cliSource(context)
      .load()
      .catch((error: unknown) => toAppError(error).toData()),
  ]);
  context.signal.throwIfAborted();
  const isConnected = !('code' in connection);
  const directory = 'code' in project ? context.cwd : project.workingDir;
  return [
    isConnected
      ? {
          name: 'engine',
          status: 'ok',
          detail: `${connection.version}, API ${connection.apiVersion ?? '?'} (context ${connection.context})`,
        }
      : failed('engine', connection),
    ...('code' in project
      ? [failed('files', project)]
      : [...checkFiles(project), ...(await checkPorts(project, isConnected ? engine : undefined))]),
    ...(await checkDisk(directory)),
    ...checkProxy(context.env),
  ];
}

function line({ paint }: CliContext, { detail, hint, name, status }: Check): string {
  const [colour, mark] = MARKS[status];
  const advice = hint === undefined ? '' : `\n    ${paint.out('dim', hint)}`;
  return `${paint.out(colour, mark)} ${name}: ${detail}${advice}`;
}
