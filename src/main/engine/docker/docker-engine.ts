import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import type { ServiceStats } from '../../../shared/stats/stats-contract.ts';
import type { Project } from '../../compose/project.ts';
import type { ObservedState } from '../../plan/observed-state.ts';
import type { Operation } from '../../plan/operation.ts';
import type {
  CommandSession,
  EngineChange,
  EngineDescription,
  EngineEvent,
  EngineLogLine,
  EngineProject,
  ExecOptions,
  LogOptions,
  OperationContext,
  PortHolder,
  ProjectsChange,
  RunOptions,
  ShellSession,
  StackEngine,
  TerminalSize,
} from '../stack-engine.ts';
import { applyOperation } from './apply-operation.ts';
import { type ConnectDeps, type Connection, connectToDocker } from './connect.ts';
import { execInContainer } from './container-command.ts';
import { readContainerLogs } from './container-logs.ts';
import { runOneOffContainer } from './container-run.ts';
import { openContainerShell } from './container-shell.ts';
import { ContainerStatsReader } from './container-stats.ts';
import { toEngineError } from './engine-errors.ts';
import { isEngineInstalled, readHostFacts } from './host-facts.ts';
import { listProjects } from './list-projects.ts';
import { observeProject } from './observe.ts';
import { findPortHolder } from './port-holder.ts';
import { projectEvents } from './project-events.ts';
import { watchProject, watchProjects } from './watch.ts';

/** The stack as containers of one Docker-compatible engine. `connect` may be called again after a loss. */
export class DockerEngine implements StackEngine {
  readonly kind = 'docker';
  readonly #deps: ConnectDeps;
  readonly #stats = new ContainerStatsReader();
  #connection: Connection | undefined;

  constructor(deps: Partial<ConnectDeps> = {}) {
    this.#deps = { facts: readHostFacts(), isInstalled: isEngineInstalled, ...deps };
  }

  async connect(signal: AbortSignal): Promise<EngineDescription> {
    const connection = await connectToDocker(this.#deps, signal).catch((error: unknown) => {
      throw toEngineError(error, signal);
    });
    this.#connection?.api.dispose();
    this.#connection = connection;
    const { context, version, apiVersion, isLocal } = connection;
    return { context, version, apiVersion, ...(isLocal ? {} : { isRemote: true }) };
  }

  observe(projectName: string, images: readonly string[], signal: AbortSignal): Promise<ObservedState> {
    return this.#with(signal, (connection) => observeProject(connection, projectName, images, signal));
  }

  async *watch(projectName: string, signal: AbortSignal): AsyncGenerator<EngineChange, void, void> {
    yield* watchProject(this.#connected.api, projectName, signal);
  }

  async *watchAll(signal: AbortSignal): AsyncGenerator<ProjectsChange, void, void> {
    yield* watchProjects(this.#connected.api, signal);
  }

  apply(operation: Operation, context: OperationContext): Promise<void> {
    return this.#with(context.signal, (connection) => applyOperation(connection, operation, context));
  }

  async *logs(
    instanceId: string,
    options: LogOptions,
    signal: AbortSignal,
  ): AsyncGenerator<EngineLogLine, void, void> {
    yield* readContainerLogs(this.#connected.api, instanceId, options, signal);
  }

  openShell(instanceId: string, size: TerminalSize, signal: AbortSignal): Promise<ShellSession> {
    return this.#with(signal, ({ api }) => openContainerShell(api, instanceId, size, signal));
  }

  stats(projectName: string, signal: AbortSignal): Promise<readonly ServiceStats[]> {
    return this.#with(signal, (connection) => this.#stats.read(connection, projectName, signal));
  }

  exec(instanceId: string, options: ExecOptions, signal: AbortSignal): Promise<CommandSession> {
    return this.#with(signal, ({ api }) => execInContainer(api, instanceId, options, signal));
  }

  runOneOff(
    project: Project,
    service: string,
    options: RunOptions,
    signal: AbortSignal,
  ): Promise<CommandSession> {
    return this.#with(signal, (connection) =>
      runOneOffContainer(connection, project, service, options, signal),
    );
  }

  async *events(projectName: string, signal: AbortSignal): AsyncGenerator<EngineEvent, void, void> {
    yield* projectEvents(this.#connected.api, projectName, signal);
  }

  listProjects(signal: AbortSignal): Promise<readonly EngineProject[]> {
    return this.#with(signal, ({ api }) => listProjects(api, signal));
  }

  findPortHolder(port: number, signal: AbortSignal): Promise<PortHolder | undefined> {
    return this.#with(signal, (connection) => findPortHolder(connection, port, signal));
  }

  async dispose(): Promise<void> {
    this.#connection?.api.dispose();
    this.#connection = undefined;
  }

  get #connected(): Connection {
    if (this.#connection) return this.#connection;
    throw new AppError('engine.unreachable', phrase('not_connected'), {
      hint: 'Check that Docker is running; Skilldeck reconnects by itself.',
    });
  }

  async #with<T>(signal: AbortSignal, work: (connection: Connection) => Promise<T>): Promise<T> {
    try {
      return await work(this.#connected);
    } catch (error) {
      throw toEngineError(error, signal);
    }
  }
}
