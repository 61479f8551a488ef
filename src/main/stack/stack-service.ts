import { AppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';
import type { PlanView } from '../../shared/stack/plan-view.ts';
import type { RunRecord } from '../../shared/stack/run-record.ts';
import type { ServiceForm } from '../../shared/stack/stack-contract.ts';
import type { Endpoint, StackSnapshot } from '../../shared/stack/stack-snapshot.ts';
import type { Project } from '../compose/project.ts';
import type { StackEngine } from '../engine/stack-engine.ts';
import type { Plan } from '../plan/operation.ts';
import { configText } from './config-text.ts';
import { moveBusyPort } from './move-busy-port.ts';
import type { Observation } from './observation.ts';
import type { ProjectChoices } from './project-choices.ts';
import type { ProjectFiles } from './project-files.ts';
import { type FormEdit, readForm, writeForm } from './service-forms.ts';
import { createStackParts, type StackServiceDeps } from './stack-parts.ts';
import type { StackPlanner } from './stack-planner.ts';
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
import type { StackRuns } from './stack-runs.ts';
import type { StackView } from './stack-view.ts';
import { toPlanView } from './to-plan-view.ts';

type Started = { readonly operationId: string };

/**
 * One project: a snapshot that always comes from the files and the engine, and operations one at a time.
 *
 * Follows the files and the engine only while somebody subscribes or something runs. Needs no window.
 */
export class StackService {
  readonly #deps: StackServiceDeps;
  readonly #choices: ProjectChoices;
  readonly #files: ProjectFiles;
  readonly #observation: Observation;
  readonly #planner: StackPlanner;
  readonly #runs: StackRuns;
  readonly #view: StackView;
  readonly #ended = new AbortController();
  readonly #unlisten: () => void;

  constructor(deps: StackServiceDeps) {
    const { choices, files, observation, planner, runs, view } = createStackParts(deps);
    this.#deps = deps;
    this.#choices = choices;
    this.#files = files;
    this.#observation = observation;
    this.#planner = planner;
    this.#runs = runs;
    this.#view = view;
    const { hub } = deps;
    let { engine } = hub;
    this.#unlisten = hub.listen({
      onStatus: () => {
        // Another engine builds in its own way, or not at all.
        if (engine !== hub.engine && observation.isFollowed) void files.reload();
        engine = hub.engine;
      },
    });
  }

  /** Reads what is known of former runs. Neither the engine nor the files need be there. */
  async open(): Promise<void> {
    await this.#runs.open();
    this.#deps.hub.connect();
    this.#view.changed();
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
    return this.#view.snapshot;
  }

  subscribe(signal?: AbortSignal): AsyncGenerator<StackSnapshot, void, void> {
    return this.#view.subscribe(signal);
  }

  /** The snapshot with what the engine has now, also while nobody looks. */
  async observedSnapshot(): Promise<StackSnapshot> {
    if (!this.#observation.isFollowed || this.#observation.state === undefined) await this.reloadProject();
    return this.snapshot;
  }

  /** Keeps the snapshot up to date until the returned function is called. */
  follow(): () => void {
    return this.#view.follow();
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
    const { service, services = [] } = request;
    this.#requireServices(service === undefined ? services : [service]);
    return this.#runs.submit(this.#planner.restart(request));
  }

  control(request: ControlRequest): Started {
    return this.#runs.submit(this.#planner.control(request));
  }

  /** @throws AppError `service.unknown` */
  scale(request: ScaleRequest): Started {
    this.#requireServices('scale' in request ? Object.keys(request.scale) : [request.service]);
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
    for await (const _version of this.#view.changes(signal)) {
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
      throw new AppError('service.not_running', phrase('no_address'), {
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
    const text = configText(this.#files.require());
    return this.#deps.redact?.(text) ?? text;
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
    this.#ended.abort(new AppError('cancelled', phrase('quitting')));
    this.#unlisten();
    await this.#runs.dispose();
    await this.#files.dispose();
    this.#observation.dispose();
  }

  /** Where the files cannot be read, the run says so. */
  #requireServices(names: readonly string[]): void {
    const { project } = this;
    for (const service of names)
      if (project !== undefined && project.services[service] === undefined)
        throw new AppError('service.unknown', phrase('no_service_in_project', { name: service }), {
          params: { service },
        });
  }
}
