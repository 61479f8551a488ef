import { AppError } from '../../shared/errors/app-error.ts';
import type { PlanView } from '../../shared/stack/plan-view.ts';
import type { RunRecord } from '../../shared/stack/run-record.ts';
import type { ServiceForm } from '../../shared/stack/stack-contract.ts';
import type { Endpoint, StackSnapshot } from '../../shared/stack/stack-snapshot.ts';
import type { Project } from '../compose/project.ts';
import type { StackEngine } from '../engine/stack-engine.ts';
import { type Logger, silentLogger } from '../lifetime/logger.ts';
import type { Plan } from '../plan/operation.ts';
import { StatePublisher } from '../rpc/state-publisher.ts';
import { buildSnapshot } from './build-snapshot.ts';
import { configText } from './config-text.ts';
import type { EngineHub } from './engine-hub.ts';
import type { HashBuildContext } from './hash-builds.ts';
import { moveBusyPort } from './move-busy-port.ts';
import { Observation } from './observation.ts';
import type { PortProbe } from './preflight.ts';
import { ProjectChoices } from './project-choices.ts';
import { ProjectFiles } from './project-files.ts';
import type { ProjectSource } from './project-source.ts';
import { type FormEdit, readForm, writeForm } from './service-forms.ts';
import { StackPlanner } from './stack-planner.ts';
import {
  type BuildRequest,
  type ControlRequest,
  type DownRequest,
  downOptions,
  type PlanRequest,
  type PullRequest,
  type RestartRequest,
  type ScaleRequest,
  type UpRequest,
  upOptions,
} from './stack-requests.ts';
import { StackRuns } from './stack-runs.ts';
import { toPlanView } from './to-plan-view.ts';

export interface StackServiceDeps {
  /** Shared with other projects; not disposed of here. */
  readonly hub: EngineHub;
  readonly source: ProjectSource;
  readonly ports: PortProbe;
  /** Where projects are locked against other processes; the person's own state directory when absent. */
  readonly lockDirectory?: string;
  /** Hash of a service's build inputs as they are on disk now; absent: images are built only when missing. */
  readonly hashBuildContext?: HashBuildContext;
  readonly openExternal?: (url: string) => Promise<void>;
  readonly openPath?: (path: string) => Promise<void>;
  /** Takes secrets out of what containers and builds say. */
  readonly redact?: (text: string) => string;
  /** Who asks for runs. */
  readonly origin?: NonNullable<RunRecord['origin']>;
  readonly logger?: Logger;
  readonly now?: () => number;
  /** Publishing is coalesced to this; 0 in tests. */
  readonly publishIntervalMs?: number;
}

type Started = { readonly operationId: string };

/**
 * One project: a snapshot that always comes from the files and the engine, and operations one at a time.
 *
 * Follows the files and the engine only while somebody subscribes or something runs. Needs no window.
 */
export class StackService {
  readonly #deps: StackServiceDeps;
  readonly #changes: StatePublisher<number>;
  readonly #choices: ProjectChoices;
  readonly #files: ProjectFiles;
  readonly #observation: Observation;
  readonly #planner: StackPlanner;
  readonly #runs: StackRuns;
  readonly #ended = new AbortController();
  #lookers = 0;
  #seq = 0;
  #snapshot: StackSnapshot | undefined;
  #planCache:
    | { readonly inputs: readonly unknown[]; readonly current: ReturnType<StackPlanner['current']> }
    | undefined;

  constructor(deps: StackServiceDeps) {
    this.#deps = deps;
    const { hub, source, logger = silentLogger, now = Date.now } = deps;
    const changed = () => this.#changed();
    this.#changes = new StatePublisher(0, deps.publishIntervalMs ?? 50);
    this.#choices = new ProjectChoices(source);
    this.#files = new ProjectFiles({
      source,
      engineKind: () => hub.engine.kind,
      profiles: () => this.#choices.readProfiles(),
      hashBuildContext: deps.hashBuildContext,
      logger,
      onChange: () => {
        changed();
        if (this.#observation.isFollowed) void this.#observation.refresh();
      },
    });
    this.#observation = new Observation({
      hub,
      projectName: () => this.#files.name,
      images: () => this.#files.images,
      logger,
      onChange: () => {
        changed();
        void this.#runs.lookAtOthers();
      },
    });
    this.#planner = new StackPlanner({
      hub,
      source,
      files: this.#files,
      observation: this.#observation,
      ports: deps.ports,
    });
    this.#runs = new StackRuns({
      hub,
      observation: this.#observation,
      projectName: () => this.#files.readName(),
      runsDirectory: source.runsDirectory,
      lockDirectory: deps.lockDirectory,
      origin: deps.origin ?? 'panel',
      redact: deps.redact ?? ((text) => text),
      logger,
      now,
      onChange: changed,
    });
  }

  /** Reads what is known of former runs. Neither the engine nor the files need be there. */
  async open(): Promise<void> {
    await this.#runs.open();
    this.#deps.hub.connect();
    this.#changed();
  }

  get engine(): StackEngine {
    return this.#deps.hub.engine;
  }

  /** Undefined while the files are broken, or nobody has asked for them yet. */
  get project(): Project | undefined {
    return this.#files.project;
  }

  get projectName(): string {
    return this.#files.name;
  }

  get directory(): string {
    return this.#deps.source.directory;
  }

  /** Something runs or waits. */
  get isBusy(): boolean {
    return this.#runs.isBusy;
  }

  get snapshot(): StackSnapshot {
    this.#snapshot ??= this.#build();
    return this.#snapshot;
  }

  async *subscribe(signal?: AbortSignal): AsyncGenerator<StackSnapshot, void, void> {
    const release = this.follow();
    try {
      for await (const _version of this.#changes.subscribe(signal)) yield this.snapshot;
    } finally {
      release();
    }
  }

  /** The snapshot with what the engine has now, also while nobody looks. */
  async observedSnapshot(): Promise<StackSnapshot> {
    if (!this.#observation.isFollowed || this.#observation.state === undefined) await this.reloadProject();
    return this.snapshot;
  }

  /** Keeps the snapshot up to date until the returned function is called. */
  follow(): () => void {
    const release = this.#observation.retain();
    let held = true;
    this.#lookers += 1;
    if (this.#lookers === 1) {
      this.#files.watch();
      void this.#files.reload();
    }
    return () => {
      release();
      if (!held) return;
      held = false;
      this.#lookers -= 1;
      if (this.#lookers === 0) void this.#files.unwatch();
    };
  }

  /** What Start or Stop would do now. */
  async plan(request: PlanRequest): Promise<PlanView> {
    return toPlanView(await this.computePlan(request));
  }

  /** As {@link plan}, with what the engine would be told. */
  computePlan(request: PlanRequest, signal: AbortSignal = this.#ended.signal): Promise<Plan> {
    return request.direction === 'up'
      ? this.#planner.planUp(upOptions(request), signal)
      : this.#planner.planDown(downOptions(request), signal);
  }

  start(options: UpRequest = {}): Started {
    return this.#runs.submit(this.#planner.up(upOptions(options)));
  }

  /** Works without readable files. What else is under way or waits is cancelled first, unless only some services go. */
  stop(options: DownRequest = {}): Started {
    const request = this.#planner.down(downOptions(options));
    if ((request.services ?? []).length === 0) this.#runs.cancelAllBut(request.key);
    return this.#runs.submit(request);
  }

  /** @throws AppError `service.unknown` */
  restart(request: RestartRequest = {}): Started {
    if (request.service !== undefined) this.#requireServices([request.service]);
    return this.#runs.submit(this.#planner.restart(request));
  }

  control(request: ControlRequest): Started {
    return this.#runs.submit(this.#planner.control(request));
  }

  /** @throws AppError `service.unknown` */
  scale(request: ScaleRequest): Started {
    this.#requireServices([request.service]);
    return this.#runs.submit(this.#planner.scale(request));
  }

  pull(request: PullRequest = { services: [] }): Started {
    this.#requireServices(request.services);
    return this.#runs.submit(this.#planner.pull(request));
  }

  build(request: BuildRequest = { services: [] }): Started {
    this.#requireServices(request.services);
    return this.#runs.submit(this.#planner.build(request));
  }

  /** @throws AppError `operation.unknown` when that operation has ended. */
  cancel(operationId: string): void {
    this.#runs.cancel(operationId);
  }

  /** The record of an operation once it has ended. */
  finished(operationId: string): Promise<RunRecord> {
    return this.#runs.finished(operationId);
  }

  /** The record of an operation and its changes, until it has ended; asks nothing of the engine. */
  async *followRun(operationId: string, signal?: AbortSignal): AsyncGenerator<RunRecord, void, void> {
    let last: RunRecord | undefined;
    for await (const _version of this.#changes.subscribe(signal)) {
      const record = this.#runs.recordOf(operationId);
      if (record !== undefined && record !== last) yield record;
      last = record;
      if (record !== undefined) continue;
      yield await this.finished(operationId);
      return;
    }
  }

  /** Resolves when nothing runs or waits any more; the last run's record. */
  whenIdle(): Promise<RunRecord | undefined> {
    return this.#runs.whenIdle();
  }

  runs(limit: number): Promise<RunRecord[]> {
    return this.#runs.list(limit);
  }

  reconnect(): void {
    const { hub } = this.#deps;
    if (hub.status.kind === 'connected') void this.refresh();
    else hub.retryNow();
  }

  async openEndpoint(id: Endpoint['id']): Promise<void> {
    const endpoint = this.snapshot.endpoints.find((candidate) => candidate.id === id);
    if (endpoint === undefined)
      throw new AppError('service.not_running', 'This address does not exist in the running stack.', {
        params: { service: id },
      });
    await this.#deps.openExternal?.(endpoint.url);
  }

  async openWorkspace(): Promise<void> {
    await this.#deps.openPath?.(this.#deps.source.directory);
  }

  /** Writes the next free port into `.env` in place of a taken one. */
  async moveBusyPort(port: number): Promise<{ variable: string; port: number }> {
    const moved = await moveBusyPort(this.#deps.source, this.#deps.ports, port);
    await this.reloadProject();
    return moved;
  }

  /** The project as `docker compose config` prints it, secrets masked. */
  async config(): Promise<string> {
    await this.#files.reload();
    return (this.#deps.redact ?? ((text: string) => text))(configText(this.#files.require()));
  }

  /** Turns a profile on or off for this project, from now on. */
  async setProfile(profile: string, active: boolean): Promise<void> {
    await this.#choices.setProfile(profile, active);
    await this.reloadProject();
  }

  readServiceForm(service: string): Promise<ServiceForm> {
    return readForm(this.#deps.source, this.project, service);
  }

  async writeServiceForm(edit: FormEdit): Promise<{ version: string }> {
    const written = await writeForm(this.#deps.source, this.project, edit);
    await this.reloadProject();
    return written;
  }

  /** Reads compose files and `.env` again; a broken one shows in the snapshot instead of rejecting. */
  async reloadProject(): Promise<void> {
    await this.#files.reload();
    await this.refresh();
  }

  /** Asks the engine what there is. */
  refresh(): Promise<void> {
    return this.#observation.refresh();
  }

  /** Cancels what runs. Docker's containers stay as they are. */
  async dispose(): Promise<void> {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort(new AppError('cancelled', 'Skilldeck is quitting.'));
    await this.#runs.dispose();
    await this.#files.dispose();
    this.#observation.dispose();
  }

  /** Where the files cannot be read, the run says so. */
  #requireServices(names: readonly string[]): void {
    const { project } = this;
    for (const service of names)
      if (project !== undefined && project.services[service] === undefined)
        throw new AppError('service.unknown', `There is no service ${service}.`, { params: { service } });
  }

  #changed(): void {
    this.#snapshot = undefined;
    this.#changes.publish(this.#changes.value + 1);
  }

  /** Made when somebody reads it: progress changes far more often than that. */
  #build(): StackSnapshot {
    this.#seq += 1;
    const { hub, source } = this.#deps;
    const { error, plan } = this.#currentPlan();
    return buildSnapshot({
      seq: this.#seq,
      projectId: source.id,
      projectName: this.projectName,
      workspace: source.directory,
      engine: hub.status,
      project: this.project,
      projectError: this.#files.error ?? error,
      observed: this.#observation.state,
      plan,
      queue: this.#runs.queue,
      run: this.#runs.record,
      lastLines: this.#observation.lastLines,
    });
  }

  /** Cached by what it is made of. */
  #currentPlan(): ReturnType<StackPlanner['current']> {
    const inputs = [this.project, this.#observation.state, this.#files.buildHashes, this.engine];
    if (this.#planCache?.inputs.every((input, index) => input === inputs[index]) !== true)
      this.#planCache = { inputs, current: this.#planner.current() };
    return this.#planCache.current;
  }
}
