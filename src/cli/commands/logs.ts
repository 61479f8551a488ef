import { once } from 'node:events';
import type { StackEngine } from '../../main/engine/stack-engine.ts';
import { type CliContext, type CommandRun, printJsonLine } from '../cli-context.ts';
import { EXIT } from '../exit-codes.ts';
import { LogPrefixes } from '../format/log-prefix.ts';
import { createPaint } from '../format/paint.ts';
import { observeContainers, projectName } from '../project/observe-project.ts';
import { withEngine } from '../project/open-engine.ts';
import { followLogs, type NamedLine, namedLines } from '../session/follow-logs.ts';
import { mergeByTime } from '../session/merge-streams.ts';
import { optionsOf } from './options-of.ts';

interface LogsFlags {
  readonly follow?: boolean;
  readonly tail?: number;
  /** Epoch milliseconds. */
  readonly since?: number;
  readonly timestamps?: boolean;
  /** `false`: `--no-color`. */
  readonly color?: boolean;
  /** `false`: `--no-log-prefix`. */
  readonly logPrefix?: boolean;
}

export const run: CommandRun = async (context, input) => {
  const flags = optionsOf<LogsFlags>(input);
  const project = await projectName(context);
  await withEngine(context, async (engine) => {
    const containers = await observeContainers(engine, project, input.args, context.signal);
    const names = containers.map(({ name }) => shortName(name, project));
    const write = lineWriter(context, flags, project, names);
    const tail = flags.tail ?? Number.MAX_SAFE_INTEGER;
    const since = flags.since === undefined ? {} : { since: flags.since };
    if (flags.follow === true)
      await followLogs(engine, { project, services: input.args, tail, ...since }, write, context.signal);
    else
      for await (const line of mergeByTime(
        containers.map((container) =>
          namedLines(readLogs(engine, container.id, { tail, ...since }, context.signal), container),
        ),
      ))
        await write(line);
  });
  return context.signal.aborted ? EXIT.cancelled : EXIT.ok;
};

function readLogs(
  engine: StackEngine,
  id: string,
  options: { readonly tail: number; readonly since?: number },
  signal: AbortSignal,
): ReturnType<StackEngine['logs']> {
  return engine.logs(id, { ...options, follow: false }, signal);
}

function lineWriter(
  context: CliContext,
  flags: LogsFlags,
  project: string,
  names: readonly string[],
): (line: NamedLine) => Promise<void> {
  const paint =
    flags.color === false ? createPaint({ ansi: 'never', isTty: false, env: {} }) : context.paint.out;
  const prefixes = new LogPrefixes(paint, names);
  return async (line) => {
    if (context.globals.json === true) printJsonLine(context, line);
    else {
      const prefix = flags.logPrefix === false ? '' : prefixes.of(shortName(line.container, project));
      const time = flags.timestamps === true ? `${new Date(line.at).toISOString()} ` : '';
      context.stdout.write(`${prefix}${time}${line.text}\n`);
    }
    // A slow reader, such as a pager, slows the engine instead of filling our memory.
    if (context.stdout.writableNeedDrain && !context.signal.aborted)
      await once(context.stdout, 'drain', { signal: context.signal }).catch(() => {});
  };
}

function shortName(name: string, project: string): string {
  return name.startsWith(`${project}-`) ? name.slice(project.length + 1) : name;
}
