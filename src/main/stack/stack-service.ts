import { AppError, type AppErrorData, toAppError } from '../../shared/errors/app-error.ts';
import type { PlanView } from '../../shared/stack/plan-view.ts';
import type { RunRecord } from '../../shared/stack/run-record.ts';
import type { ServiceForm } from '../../shared/stack/stack-contract.ts';
import type { Endpoint, EngineStatus, StackSnapshot } from '../../shared/stack/stack-snapshot.ts';
import type { Project } from '../compose/project.ts';
import type { StackEngine } from '../engine/stack-engine.ts';
import { type Logger, silentLogger } from '../lifetime/logger.ts';
import { imageReference } from '../plan/container-name.ts';
import type { ObservedState } from '../plan/observed-state.ts';
import type { Plan } from '../plan/operation.ts';
import { planDown } from '../plan/plan-down.ts';
import { planRestart } from '../plan/plan-restart.ts';
import { planUp } from '../plan/plan-up.ts';
import { StatePublisher } from '../rpc/state-publisher.ts';
import { buildSnapshot } from './build-snapshot.ts';
import { EngineLink, type EngineLinkOptions } from './engine-link.ts';
import { type HashBuildContext, hashBuilds } from './hash-builds.ts';
import { LastLines } from './last-lines.ts';
import { moveBusyPort } from './move-busy-port.ts';
import { checkPorts, type PortProbe, wantedPorts } from './preflight.ts';
import type { ProjectSource, ProjectWatch } from './project-source.ts';
import { RunRepository } from './run-repository.ts';
import { StackOperation } from './stack-operation.ts';
import type { DownRequest, UpRequest } from './stack-requests.ts';
import { toPlanView } from './to-plan-view.ts';

export interface StackServiceDeps {
  readonly engine: StackEngine;
  readonly source: ProjectSource;
  readonly ports: PortProbe;
  /** Hash of a service's build inputs as they are on disk now; absent: images are built only when missing. */
  readonly hashBuildContext?: HashBuildContext;
  readonly openExternal: (url: string) => Promise<void>;
  readonly openPath: (path: string) => Promise<void>;
  readonly logger?: Logger;
  readonly now?: () => number;
  readonly reconnectDelay?: EngineLinkOptions['delay'];
  /** Publishing is coalesced to this; 0 in tests. */
  readonly publishIntervalMs?: number;
}

function notYet(): AppError {
  return new AppError('internal', 'This does not work yet.');
}

/** What a project that cannot be read still is: a name to find its containers by. */
function nameOnly(name: string, workingDir: string): Project {
  return { name, workingDir, configFiles: [], services: {}, inactiveServices: [], networks: {}, volumes: {} };
}

/**
 * Owns the stack: one operation at a time, and a snapshot that always comes from the files and the engine.
 *
 * Owns the engine that it was given last, too: `dispose` and `setEngine` end it.
 */
export class StackService {
  readonly #deps: StackServiceDeps;
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #publisher: StatePublisher<StackSnapshot>;
  readonly #repository: RunRepository;
  readonly #lastLines: LastLines;
  readonly #ended = new AbortController();
  #engine: StackEngine;
  #status: EngineStatus;
  #link: EngineLink | undefined;
  #watcher: ProjectWatch | undefined;
  #project: Project | undefined;
  #projectError: AppErrorData | undefined;
  #buildHashes: Readonly<Record<string, string>> = {};
  #observed: ObservedState | undefined;
  #operation: StackOperation | undefined;
  #lastRun: RunRecord | undefined;
  #refreshing: Promise<void> | undefined;
  #refreshAgain = false;
  #planCache: { readonly inputs: readonly unknown[]; readonly plan: Plan } | undefined;
  #seq = 0;

  constructor(deps: StackServiceDeps) {
    this.#deps = deps;
    this.#logger = deps.logger ?? silentLogger;
    this.#now = deps.now ?? Date.now;
    this.#engine = deps.engine;
    this.#status = { kind: 'connecting', engine: deps.engine.kind };
    this.#repository = new RunRepository(deps.source.runsDirectory, this.#logger);
    this.#lastLines = new LastLines(() => this.#publish());
    this.#publisher = new StatePublisher(this.#snapshot(), deps.publishIntervalMs ?? 50);
  }

  /** Reads the files and begins to follow the engine. The engine need not be there. */
  async open(): Promise<void> {
    await this.#repository.markInterrupted();
    [this.#lastRun] = await this.#repository.list(1);
    await this.reloadProject();
    this.#watcher = this.#deps.source.watch(() => void this.reloadProject());
    this.#connect();
  }

  get engine(): StackEngine {
    return this.#engine;
  }

  /** Undefined while the files are broken. */
  get project(): Project | undefined {
    return this.#project;
  }

  get projectName(): string {
    return this.#project?.name ?? this.#deps.source.fallbackName;
  }

  get snapshot(): StackSnapshot {
    return this.#publisher.value;
  }

  subscribe(signal?: AbortSignal): AsyncGenerator<StackSnapshot, void, void> {
    return this.#publisher.subscribe(signal);
  }

  /** What Start or Stop would do now. */
  async plan({ direction }: { readonly direction: 'up' | 'down' }): Promise<PlanView> {
    const signal = this.#ended.signal;
    await this.reloadProject();
    const observed = await this.#observe(signal);
    return toPlanView(direction === 'up' ? this.#planUp(observed) : planDown(observed, this.#project));
  }

  start(_options: UpRequest = {}): { readonly operationId: string } {
    return this.#begin('up', async (signal) => {
      await this.reloadProject();
      const project = this.#requireProject();
      const observed = await this.#observe(signal);
      const plan = this.#planUp(observed);
      const env = await this.#deps.source.readEnv();
      await checkPorts(wantedPorts(project, observed, plan), env, this.#deps.ports, this.#engine);
      return { plan, project };
    });
  }

  /** Works without readable files. A start under way is cancelled first. */
  stop(_options: DownRequest = {}): { readonly operationId: string } {
    const before = this.#operation;
    if (before !== undefined && before.kind !== 'down') before.cancel();
    return this.#begin('down', async (signal) => {
      if (before?.kind !== 'down') await before?.finished;
      const observed = await this.#observe(signal);
      return {
        plan: planDown(observed, this.#project),
        project: this.#project ?? nameOnly(this.projectName, this.#deps.source.directory),
      };
    });
  }

  /** @throws AppError `service.unknown` */
  restart(service?: string): { readonly operationId: string } {
    if (service !== undefined && this.#project !== undefined && this.#project.services[service] === undefined)
      throw new AppError('service.unknown', `There is no service ${service}.`, { params: { service } });
    return this.#begin(
      'restart',
      async (signal) => {
        const project = this.#requireProject();
        const observed = await this.#observe(signal);
        const only = service === undefined ? {} : { service };
        return { plan: planRestart(project, observed, { engine: this.#engine.kind, ...only }), project };
      },
      service === undefined ? undefined : [service],
    );
  }

  control(_input: object): { readonly operationId: string } {
    throw notYet();
  }

  scale(_input: object): { readonly operationId: string } {
    throw notYet();
  }

  pull(_input: object): { readonly operationId: string } {
    throw notYet();
  }

  build(_input: object): { readonly operationId: string } {
    throw notYet();
  }

  async config(): Promise<string> {
    throw notYet();
  }

  async setProfile(_profile: string, _active: boolean): Promise<void> {
    throw notYet();
  }

  async readServiceForm(_service: string): Promise<ServiceForm> {
    throw notYet();
  }

  async writeServiceForm(_input: object): Promise<{ version: string }> {
    throw notYet();
  }

  /** @throws AppError `operation.unknown` when that operation has ended. */
  cancel(operationId: string): void {
    if (this.#operation?.id !== operationId)
      throw new AppError('operation.unknown', 'That operation has ended already.', {
        params: { operationId },
      });
    this.#operation.cancel();
  }

  /** Resolves when the operation has ended; the last run's record. */
  async whenIdle(): Promise<RunRecord | undefined> {
    while (this.#operation !== undefined) await this.#operation.finished;
    return this.#lastRun;
  }

  async runs(limit: number): Promise<RunRecord[]> {
    return [...(await this.#repository.list(limit))];
  }

  reconnect(): void {
    if (this.#status.kind === 'connected') void this.refresh();
    else this.#link?.retryNow();
  }

  /** Takes another engine from now on; what runs on the old one is ended as that engine ends (see its `dispose`). */
  async setEngine(engine: StackEngine): Promise<void> {
    if (this.#operation !== undefined)
      throw new AppError('operation.busy', 'The stack is busy. Wait until that has ended, then switch.');
    const [old, oldLink] = [this.#engine, this.#link];
    this.#engine = engine;
    this.#link = undefined;
    this.#observed = undefined;
    this.#status = { kind: 'connecting', engine: engine.kind };
    this.#publish();
    await oldLink?.close();
    if (old !== engine) await old.dispose();
    await this.reloadProject();
    if (!this.#ended.signal.aborted) this.#connect();
  }

  async openEndpoint(id: Endpoint['id']): Promise<void> {
    const endpoint = this.snapshot.endpoints.find((candidate) => candidate.id === id);
    if (endpoint === undefined)
      throw new AppError('service.not_running', 'This address does not exist in the running stack.', {
        params: { service: id },
      });
    await this.#deps.openExternal(endpoint.url);
  }

  async openWorkspace(): Promise<void> {
    await this.#deps.openPath(this.#deps.source.directory);
  }

  /** Writes the next free port into `.env` in place of a taken one. */
  async moveBusyPort(port: number): Promise<{ variable: string; port: number }> {
    const moved = await moveBusyPort(this.#deps.source, this.#deps.ports, port);
    await this.reloadProject();
    return moved;
  }

  /** Reads compose files and `.env` again; a broken one shows in the snapshot instead of rejecting. */
  async reloadProject(): Promise<void> {
    const before = this.projectName;
    try {
      const project = await this.#deps.source.load();
      this.#buildHashes = await hashBuilds(
        project,
        this.#engine.kind === 'docker' ? this.#deps.hashBuildContext : undefined,
        this.#ended.signal,
        this.#logger,
      );
      this.#project = project;
      this.#projectError = undefined;
    } catch (error) {
      this.#project = undefined;
      this.#projectError = toAppError(error).toData();
      this.#logger.warn({ code: this.#projectError.code }, 'the project files cannot be used');
    }
    this.#publish();
    if (this.#link !== undefined && before !== this.projectName) {
      await this.#link.close();
      this.#connect();
    } else if (this.#status.kind === 'connected') await this.refresh();
  }

  /** Asks the engine what there is; calls that come meanwhile share the next answer. */
  refresh(): Promise<void> {
    if (this.#refreshing !== undefined) {
      this.#refreshAgain = true;
      return this.#refreshing;
    }
    this.#refreshing = this.#refreshUntilQuiet().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** Cancels what runs, lets the engine go. Docker's containers stay as they are. */
  async dispose(): Promise<void> {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort(new AppError('cancelled', 'Skilldeck is quitting.'));
    this.#operation?.interrupt();
    await this.whenIdle();
    await this.#watcher?.close();
    await this.#link?.close();
    this.#lastLines.dispose();
    await this.#engine.dispose();
  }

  #begin(
    kind: RunRecord['kind'],
    prepare: ConstructorParameters<typeof StackOperation>[0]['prepare'],
    services?: readonly string[],
  ): { readonly operationId: string } {
    const running = this.#operation;
    if (running?.kind === kind) return { operationId: running.id };
    if (running !== undefined && kind !== 'down')
      throw new AppError('operation.busy', 'The stack is busy with another operation.', {
        hint: 'Wait until it has ended, or cancel it.',
        params: { operationId: running.id },
      });
    if (this.#ended.signal.aborted) throw new AppError('cancelled', 'Skilldeck is quitting.');
    const operation = new StackOperation({
      kind,
      ...(services === undefined ? {} : { services }),
      engine: this.#engine,
      prepare,
      repository: this.#repository,
      now: this.#now,
      onChange: () => this.#publish(),
    });
    this.#operation = operation;
    this.#publish();
    void operation.finished.then((record) => this.#finished(operation, record));
    return { operationId: operation.id };
  }

  #finished(operation: StackOperation, record: RunRecord): void {
    this.#logger.info({ run: record.id, kind: record.kind, outcome: record.outcome }, 'the run has ended');
    // A start that a stop has replaced is history, not the present.
    if (this.#operation === operation) this.#operation = undefined;
    this.#lastRun = record;
    this.#publish();
    if (!this.#ended.signal.aborted && this.#status.kind === 'connected') void this.refresh();
  }

  #connect(): void {
    this.#link = new EngineLink({
      engine: this.#engine,
      projectName: this.projectName,
      logger: this.#logger,
      onStatus: (status) => {
        this.#status = status;
        // What an absent engine once said is no truth about now.
        if (status.kind !== 'connected') this.#observed = undefined;
        this.#publish();
      },
      onChange: () => void this.refresh(),
      ...(this.#deps.reconnectDelay === undefined ? {} : { delay: this.#deps.reconnectDelay }),
    });
  }

  async #refreshUntilQuiet(): Promise<void> {
    do {
      this.#refreshAgain = false;
      try {
        this.#observed = await this.#observe(this.#ended.signal);
        this.#lastLines.follow(this.#engine, this.#observed.containers);
      } catch (error) {
        // The link notices a lost engine by itself; anything else is a list that failed once.
        if (!this.#ended.signal.aborted)
          this.#logger.warn({ code: toAppError(error).code }, 'the engine did not list the stack');
        return;
      }
      this.#publish();
    } while (this.#refreshAgain && !this.#ended.signal.aborted);
  }

  #observe(signal: AbortSignal): Promise<ObservedState> {
    const project = this.#project;
    const images =
      project === undefined
        ? []
        : Object.values(project.services).map((service) => imageReference(project, service));
    return this.#engine.observe(this.projectName, [...new Set(images)], signal);
  }

  #planUp(observed: ObservedState): Plan {
    return planUp(this.#requireProject(), observed, {
      engine: this.#engine.kind,
      buildHashes: this.#buildHashes,
    });
  }

  #requireProject(): Project {
    if (this.#project !== undefined) return this.#project;
    const { code, hint, message, params } = this.#projectError ?? {
      code: 'internal' as const,
      message: 'The project has not been read yet.',
      params: {},
    };
    throw new AppError(code, message, { ...(hint === undefined ? {} : { hint }), params });
  }

  #publish(): void {
    this.#publisher.publish(this.#snapshot());
  }

  #snapshot(): StackSnapshot {
    this.#seq += 1;
    const run = this.#operation?.record ?? this.#lastRun;
    return buildSnapshot({
      seq: this.#seq,
      projectName: this.projectName,
      workspace: this.#deps.source.directory,
      engine: this.#status,
      project: this.#project,
      projectError: this.#projectError,
      observed: this.#observed,
      plan: this.#currentPlan(),
      run,
      lastLines: this.#lastLines.byInstance,
    });
  }

  /** Cached by what it is made of: progress is published far more often than any of that changes. */
  #currentPlan(): Plan | undefined {
    const observed = this.#observed;
    if (this.#project === undefined || observed === undefined) return undefined;
    const inputs = [this.#project, observed, this.#buildHashes, this.#engine];
    if (this.#planCache?.inputs.every((input, index) => input === inputs[index]) !== true)
      this.#planCache = { inputs, plan: this.#planUp(observed) };
    return this.#planCache.plan;
  }
}
