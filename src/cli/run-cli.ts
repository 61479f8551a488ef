import { type Command, CommanderError } from 'commander';
import { AppError, toAppError } from '../shared/errors/app-error.ts';
import type { CliContext, CommandRun, GlobalOptions } from './cli-context.ts';
import { EXIT } from './exit-codes.ts';
import { formatError, inEnglishOnly } from './format/format-error.ts';
import { createPaint } from './format/paint.ts';
import { createProgram } from './program.ts';

export type CliHost = Pick<CliContext, 'env' | 'cwd' | 'signal' | 'stdin' | 'stdout' | 'stderr'>;

/** One command line from words to exit code. Prints what goes wrong; never rejects. */
export async function runCli(args: readonly string[], host: CliHost): Promise<number> {
  let code: number = EXIT.ok;
  const program = createProgram(async (load, command) => {
    code = await runCommand(load, command, host);
  });
  const wantsJson = args.includes('--json');
  for (const command of [program, ...program.commands])
    command.exitOverride().configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => {
        if (!wantsJson) host.stderr.write(text);
      },
    });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) return printFault(error, contextOf(host, { json: wantsJson }));
    if (error.exitCode === 0) return EXIT.ok;
    if (wantsJson) printFault(new AppError('invalid_input', error.message), contextOf(host, { json: true }));
    return EXIT.usage;
  }
}

async function runCommand(load: () => Promise<CommandRun>, command: Command, host: CliHost): Promise<number> {
  const own: { json?: boolean } = command.opts();
  const before: GlobalOptions = command.parent?.opts() ?? {};
  const context = contextOf(host, { ...before, ...(own.json === true ? { json: true } : {}) });
  try {
    const run = await load();
    return await run(context, { args: command.args, options: command.opts() });
  } catch (error) {
    return printFault(error, context);
  }
}

function contextOf(host: CliHost, globals: GlobalOptions): CliContext {
  const paintFor = (stream: { isTTY?: boolean }) =>
    createPaint({ ansi: globals.ansi, env: host.env, isTty: stream.isTTY === true });
  return { ...host, globals, paint: { out: paintFor(host.stdout), err: paintFor(host.stderr) } };
}

function printFault(error: unknown, context: CliContext): number {
  if (error instanceof CommanderError) {
    // From a value that only the command itself could check.
    context.stderr.write(`error: ${error.message}\n`);
    return EXIT.usage;
  }
  const isCancelled = context.signal.aborted;
  const fault = isCancelled ? new AppError('cancelled', 'Cancelled.') : toAppError(error);
  if (context.globals.json === true)
    context.stdout.write(`${JSON.stringify({ error: inEnglishOnly(fault.toData()) }, null, 2)}\n`);
  else {
    context.stderr.write(`${formatError(fault.toData(), context.paint.err)}\n`);
    if (fault.code === 'internal' && context.env.SKILLDECK_DEBUG)
      context.stderr.write(`${fault.cause instanceof Error ? fault.cause.stack : String(fault.cause)}\n`);
  }
  if (isCancelled) return EXIT.cancelled;
  return fault.code === 'invalid_input' ? EXIT.usage : EXIT.failed;
}
