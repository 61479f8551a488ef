import { Argument, Command, Option } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import type { CommandRun } from './cli-context.ts';
import { collect, parseIndex, parseScale, parseSeconds, parseSince, parseTail } from './parse-values.ts';

/** Does what a command says; told once per process. */
export type Dispatch = (load: () => Promise<CommandRun>, command: Command) => Promise<void>;

type Configure = (command: Command) => Command;

/**
 * The command line: names, options and help. What a command does is loaded when it is called.
 *
 * Options before the command are global ones (`-f` is `--file`), those after it its own (`logs -f` follows).
 */
export function createProgram(dispatch: Dispatch): Command {
  const program = new Command('skilldeck')
    .description(
      'Compose projects from a terminal: understood as docker compose does, planned before anything changes.',
    )
    .usage('[options] COMMAND')
    .enablePositionalOptions()
    .showHelpAfterError('(skilldeck --help lists what there is)')
    .helpCommand(false)
    .version(manifest.version, '-V, --version', 'the version of Skilldeck')
    .addOption(
      new Option('-f, --file <path>', 'a compose file; several are merged, "-" is stdin').argParser(collect),
    )
    .option('-p, --project-name <name>', 'name of the project')
    .addOption(new Option('--profile <name>', 'turn a profile on; several times').argParser(collect))
    .addOption(
      new Option('--env-file <path>', 'read variables from there, not from .env; several times').argParser(
        collect,
      ),
    )
    .option('--project-directory <path>', 'what relative paths start from')
    .option('-c, --context <name>', 'Docker context to use')
    .option('--json', 'print results and errors as JSON')
    .addOption(new Option('--ansi <when>', 'colours and redrawn lines').choices(['auto', 'always', 'never']));

  const add = (name: string, summary: string, configure: Configure, load: () => Promise<CommandRun>) => {
    const command = configure(program.command(name).description(summary));
    command.option('--json', 'print results and errors as JSON');
    command.action(() => dispatch(load, command));
  };

  add(
    'config',
    'Print the project as it is understood',
    configureConfig,
    async () => (await import('./commands/config.ts')).run,
  );
  add(
    'plan',
    'Show what up or down would do, and why; changes nothing',
    configurePlan,
    async () => (await import('./commands/plan.ts')).run,
  );
  add(
    'up',
    'Make the project run as its files say, and wait until it does',
    configureUp,
    async () => (await import('./commands/up.ts')).run,
  );
  add(
    'down',
    'Stop and remove containers and networks',
    configureDown,
    async () => (await import('./commands/down.ts')).run,
  );
  add(
    'ps',
    'List the containers of the project',
    configurePs,
    async () => (await import('./commands/ps.ts')).run,
  );
  add(
    'logs',
    'Print what containers wrote',
    configureLogs,
    async () => (await import('./commands/logs.ts')).run,
  );
  add(
    'exec',
    'Run a command in a running container',
    configureExec,
    async () => (await import('./commands/exec.ts')).run,
  );
  add(
    'run',
    'Run a command in a new container of a service',
    configureRun,
    async () => (await import('./commands/run.ts')).run,
  );
  add(
    'restart',
    'Restart services',
    (command) =>
      withServices(command)
        .option('--no-deps', 'leave those alone that ask to be restarted along')
        .addOption(timeout()),
    async () => (await import('./commands/restart.ts')).run,
  );
  add(
    'stop',
    'Stop containers without removing them',
    (command) => withServices(command).addOption(timeout()),
    async () => (await import('./commands/control.ts')).runStop,
  );
  add(
    'start',
    'Start containers that exist',
    withServices,
    async () => (await import('./commands/control.ts')).runStart,
  );
  add(
    'kill',
    'Send a signal to containers',
    (command) => withServices(command).option('-s, --signal <signal>', 'the signal', 'SIGKILL'),
    async () => (await import('./commands/control.ts')).runKill,
  );
  add(
    'scale',
    'Change how many containers a service has',
    (command) =>
      command
        .argument('<service=number...>', 'e.g. web=3')
        .option('--no-deps', 'leave the services alone that these depend on'),
    async () => (await import('./commands/scale.ts')).run,
  );
  add(
    'pull',
    'Fetch the images of services',
    withServices,
    async () => (await import('./commands/images.ts')).runPull,
  );
  add(
    'build',
    'Build the images of services',
    (command) => withServices(command).option('--no-cache', 'build every step again'),
    async () => (await import('./commands/images.ts')).runBuild,
  );
  add(
    'events',
    'Print what happens to the containers, until Ctrl-C',
    withServices,
    async () => (await import('./commands/events.ts')).run,
  );
  add(
    'ls',
    'List the compose projects of the engine',
    (command) =>
      command.option('-a, --all', 'also those that do not run').option('-q, --quiet', 'names only'),
    async () => (await import('./commands/ls.ts')).run,
  );
  add(
    'contexts',
    'List the Docker contexts, the one in use marked',
    (command) => command.option('-q, --quiet', 'names only'),
    async () => (await import('./commands/contexts.ts')).run,
  );
  add(
    'doctor',
    'Look for what would keep the project from running',
    (command) => command,
    async () => (await import('./commands/doctor.ts')).run,
  );
  add(
    'version',
    'Print the versions of Skilldeck and of the engine',
    (command) => command.option('--short', 'only that of Skilldeck'),
    async () => (await import('./commands/version.ts')).run,
  );
  return program;
}

function withServices(command: Command): Command {
  return command.argument('[service...]', 'these services; all when there are none');
}

function timeout(): Option {
  return new Option('-t, --timeout <seconds>', 'how long containers get to stop').argParser(parseSeconds);
}

function configureConfig(command: Command): Command {
  return withServices(command)
    .addOption(new Option('--format <format>', 'how to print it').choices(['json', 'yaml']).default('json'))
    .option('-q, --quiet', 'only check the files')
    .option('--services', 'names of the services')
    .option('--volumes', 'names of the volumes')
    .option('--networks', 'names of the networks')
    .option('--images', 'images of the services')
    .option('--profiles', 'names of the profiles')
    .option('--hash <service>', 'the config hash of a service, or of all: "*"');
}

function upOptions(command: Command): Command {
  return command
    .option('--build', 'build images again before')
    .addOption(
      new Option('--pull <policy>', 'when to fetch images').choices(['policy', 'always', 'missing', 'never']),
    )
    .option('--force-recreate', 'replace containers that have not changed, too')
    .option('--no-deps', 'leave the services alone that the named ones depend on')
    .addOption(
      new Option('--scale <service=number>', 'this many containers; several times').argParser(parseScale),
    );
}

function downOptions(command: Command): Command {
  return command
    .option('-v, --volumes', 'remove the volumes of the project, with all that is in them')
    .addOption(
      new Option('--rmi <which>', 'remove images: those that were built, or all').choices(['local', 'all']),
    );
}

function configureUp(command: Command): Command {
  return upOptions(withServices(command))
    .option('--remove-orphans', 'remove containers of services that the files do not have')
    .addOption(timeout())
    .option('-d, --detach', 'as always: containers go on when the command ends')
    .option('--wait', 'as always: until everything runs and is healthy')
    .option('--no-wait', 'until everything runs, healthy or not');
}

function configureDown(command: Command): Command {
  return downOptions(withServices(command))
    .option('--remove-orphans', 'remove containers of services that the files do not have')
    .addOption(timeout());
}

function configurePlan(command: Command): Command {
  return downOptions(upOptions(withServices(command)))
    .option('--down', 'what down would do')
    .option('--remove-orphans', 'remove containers of services that the files do not have')
    .addOption(timeout())
    .option('--exit-code', 'exit with 2 when there is something to do, 0 when there is not');
}

function configurePs(command: Command): Command {
  return withServices(command)
    .option('-a, --all', 'also containers that do not run')
    .option('-q, --quiet', 'ids only')
    .option('--services', 'names of the services only')
    .addOption(
      new Option('--format <format>', 'a table, or one JSON object a line')
        .choices(['table', 'json'])
        .default('table'),
    );
}

function configureLogs(command: Command): Command {
  return withServices(command)
    .option('-f, --follow', 'go on with what is written from now on')
    .addOption(new Option('-n, --tail <lines>', 'that many of each container, or "all"').argParser(parseTail))
    .addOption(
      new Option('--since <time>', 'from then on: a time, or how long ago (90s, 1h30m)').argParser((text) =>
        parseSince(text),
      ),
    )
    .option('-t, --timestamps', 'with the time of each line')
    .option('--no-color', 'without colours')
    .option('--no-log-prefix', 'without the name of the container');
}

function sessionOptions(command: Command): Command {
  return command
    .option('-T, --no-tty', 'no terminal inside, even where there is one outside')
    .option('-i, --interactive', 'as always: hand standard input on')
    .option('-u, --user <user>', 'as this user')
    .option('-w, --workdir <path>', 'in this folder')
    .addOption(
      new Option(
        '-e, --env <name=value>',
        'a variable; without value that of the shell; several times',
      ).argParser(collect),
    );
}

function configureExec(command: Command): Command {
  return sessionOptions(command)
    .addOption(new Option('--index <number>', 'which container of the service').argParser(parseIndex))
    .option('--privileged', 'with all rights')
    .passThroughOptions()
    .argument('<service>', 'a service that runs')
    .addArgument(new Argument('<command...>', 'the command and its arguments'));
}

function configureRun(command: Command): Command {
  return sessionOptions(command)
    .option('--rm', 'remove the container when the command has ended')
    .option('--entrypoint <command>', "in place of the image's")
    .option('--name <name>', 'name of the container')
    .option('-P, --service-ports', 'publish the ports of the service')
    .option('--no-deps', 'do not start what the service depends on')
    .passThroughOptions()
    .argument('<service>', 'the service')
    .addArgument(
      new Argument('[command...]', "the command and its arguments; the service's own when absent"),
    );
}
