import { assertNever } from '../../../shared/assert-never.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { ServiceStats } from '../../../shared/stats/stats-contract.ts';
import { imageReference } from '../../plan/container-name.ts';
import type { ObservedState } from '../../plan/observed-state.ts';
import type { Operation } from '../../plan/operation.ts';
import type {
  EngineChange,
  EngineDescription,
  EngineLogLine,
  LogOptions,
  OperationContext,
  PortHolder,
  ShellSession,
  StackEngine,
  TerminalSize,
} from '../stack-engine.ts';
import { type ConnectDeps, type Connection, connectToDocker } from './connect.ts';
import { readContainerLogs, readLastLines } from './container-logs.ts';
import { type InstanceRef, serviceOf } from './container-lookup.ts';
import {
  createContainer,
  recreateContainer,
  removeContainer,
  startContainer,
  stopContainer,
} from './container-operations.ts';
import { openContainerShell } from './container-shell.ts';
import { killContainer, pauseContainer, removeImage, unpauseContainer } from './container-signals.ts';
import { ContainerStatsReader } from './container-stats.ts';
import { waitForContainer } from './container-wait.ts';
import { toEngineError } from './engine-errors.ts';
import { isEngineInstalled, readHostFacts } from './host-facts.ts';
import { buildImage } from './image-build.ts';
import { pullImage } from './image-pull.ts';
import { createNetwork, createVolume, removeNetwork, removeVolume } from './network-operations.ts';
import { observeProject } from './observe.ts';
import { findPortHolder } from './port-holder.ts';
import { watchProject } from './watch.ts';

/** The stack as containers of one Docker-compatible engine. `connect` may be called again after a loss. */
export class DockerEngine implements StackEngine {
  readonly kind = 'docker';
  readonly #deps: ConnectDeps;
  readonly #stats = new ContainerStatsReader();
  /** Starts run one after the other: the engine hands out published ports of a range without a lock. */
  #starts: Promise<unknown> = Promise.resolve();
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
    const { context, version, apiVersion } = connection;
    return { context, version, apiVersion };
  }

  observe(projectName: string, images: readonly string[], signal: AbortSignal): Promise<ObservedState> {
    return this.#with(signal, (connection) => observeProject(connection, projectName, images, signal));
  }

  async *watch(projectName: string, signal: AbortSignal): AsyncGenerator<EngineChange, void, void> {
    yield* watchProject(this.#connected.api, projectName, signal);
  }

  apply(operation: Operation, context: OperationContext): Promise<void> {
    return this.#with(context.signal, (connection) => this.#apply(connection, operation, context));
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

  findPortHolder(port: number, signal: AbortSignal): Promise<PortHolder | undefined> {
    return this.#with(signal, (connection) => findPortHolder(connection, port, signal));
  }

  async dispose(): Promise<void> {
    this.#connection?.api.dispose();
    this.#connection = undefined;
  }

  get #connected(): Connection {
    if (this.#connection) return this.#connection;
    throw new AppError('engine.unreachable', 'The container engine is not connected.', {
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

  #apply(connection: Connection, operation: Operation, context: OperationContext): Promise<void> {
    const { api } = connection;
    const { project, signal, report } = context;
    const ref = (target: { readonly service: string; readonly number: number }): InstanceRef => ({
      project,
      service: serviceOf(project, target.service),
      number: target.number,
    });
    switch (operation.kind) {
      case 'create-network':
        return createNetwork(api, project, operation.network, signal);
      case 'create-volume':
        return createVolume(api, project, operation.volume, signal);
      case 'pull-image': {
        const service = serviceOf(project, operation.service);
        return pullImage(api, {
          reference: imageReference(project, service),
          service: service.name,
          ...(service.definition.platform === undefined ? {} : { platform: service.definition.platform }),
          credentials: connection.credentials,
          signal,
          report,
        });
      }
      case 'build-image':
        return buildImage(api, {
          project,
          service: serviceOf(project, operation.service),
          credentials: connection.credentials,
          signal,
          report,
        });
      case 'create-container':
        return createContainer(connection, ref(operation), signal);
      case 'recreate-container':
        return recreateContainer(
          connection,
          { ...ref(operation), containerId: operation.containerId },
          signal,
        );
      case 'start-container':
        return this.#serialised(signal, () => startContainer(connection, ref(operation), signal));
      case 'wait-container':
        return waitForContainer(api, {
          ref: ref(operation),
          until: operation.until,
          signal,
          report,
          readLastLines: (id) => readLastLines(api, id, signal),
        });
      case 'stop-container': {
        const service = project.services[operation.service];
        return stopContainer(
          connection,
          { containerId: operation.containerId, ...(service ? { ref: { service } } : {}) },
          signal,
        );
      }
      case 'replace-container':
        return recreateContainer(
          connection,
          { ...ref(operation), containerId: operation.containerId },
          signal,
        );
      case 'kill-container':
        return killContainer(connection, operation.containerId, operation.signal, signal);
      case 'pause-container':
        return pauseContainer(connection, operation.containerId, signal);
      case 'unpause-container':
        return unpauseContainer(connection, operation.containerId, signal);
      case 'remove-image':
        return removeImage(connection, operation.image, signal);
      case 'remove-container':
        return removeContainer(connection, operation.containerId, signal);
      case 'remove-network':
        return removeNetwork(api, operation.networkId, signal);
      case 'remove-volume':
        return removeVolume(api, project.volumes[operation.volume]?.name ?? operation.volume, signal);
      default:
        return assertNever(operation);
    }
  }

  #serialised(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    const next = this.#starts.then(() => {
      signal.throwIfAborted();
      return work();
    });
    this.#starts = next.catch(() => {});
    return next;
  }
}
