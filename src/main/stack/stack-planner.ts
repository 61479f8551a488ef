import { type AppErrorData, toAppError } from '../../shared/errors/app-error.ts';
import type { DownOptions, UpOptions } from '../../shared/stack/stack-contract.ts';
import type { EngineKind } from '../../shared/stack/stack-snapshot.ts';
import type { Project } from '../compose/project.ts';
import type { ObservedState } from '../plan/observed-state.ts';
import type { Plan } from '../plan/operation.ts';
import { planControl } from '../plan/plan-control.ts';
import { planDown } from '../plan/plan-down.ts';
import { planBuild, planPull } from '../plan/plan-fetch.ts';
import { planRestart } from '../plan/plan-restart.ts';
import { planScale } from '../plan/plan-scale.ts';
import { planUp } from '../plan/plan-up.ts';
import type { EngineHub } from './engine-hub.ts';
import type { Observation } from './observation.ts';
import { checkPorts, type PortProbe, portsOfEngine } from './preflight.ts';
import type { ProjectFiles, ProjectInputs } from './project-files.ts';
import type { ProjectSource } from './project-source.ts';
import { refuseUnsupported } from './refuse-unsupported.ts';
import type { OperationRequest, PreparedRun } from './stack-operation.ts';
import type {
  BuildRequest,
  ControlRequest,
  PullRequest,
  RestartRequest,
  ScaleRequest,
  UpRequest,
} from './stack-requests.ts';
import { wantedPorts } from './wanted-ports.ts';

export interface StackPlannerDeps {
  readonly hub: EngineHub;
  readonly source: ProjectSource;
  readonly files: ProjectFiles;
  readonly observation: Observation;
  readonly ports: PortProbe;
}

/** Turns wishes into runs. Each is planned when its turn comes, from the files and the engine as they are then. */
export class StackPlanner {
  readonly #deps: StackPlannerDeps;

  constructor(deps: StackPlannerDeps) {
    this.#deps = deps;
  }

  /** What a start would do now, by what is known already; neither while that cannot be said. */
  current(): { readonly plan?: Plan; readonly error?: AppErrorData } {
    const { files, observation } = this.#deps;
    if (files.project === undefined || observation.state === undefined) return {};
    try {
      const { buildHashes, project } = files;
      return { plan: this.#planUp({ project, buildHashes }, observation.state) };
    } catch (error) {
      return { error: toAppError(error).toData() };
    }
  }

  async planUp(options: UpOptions, signal: AbortSignal): Promise<Plan> {
    return (await this.#prepareUp(options, signal)).plan;
  }

  async planDown(options: DownOptions, signal: AbortSignal): Promise<Plan> {
    await this.#deps.files.reload();
    const observed = await this.#deps.observation.read(signal);
    return this.#planDown(observed, options);
  }

  up(options: UpOptions): OperationRequest {
    return {
      kind: 'up',
      services: options.services,
      key: key('up', options),
      prepare: async (signal) => {
        const run = await this.#prepareUp(options, signal);
        refuseUnsupported(run.project);
        await this.#checkPorts(run);
        return { ...run, ...(run.plan.replan ? { again: (next) => this.#upAgain(options, next) } : {}) };
      },
    };
  }

  /** Works without readable files. */
  down(options: DownOptions): OperationRequest {
    const { files, observation, source } = this.#deps;
    return {
      kind: 'down',
      services: options.services,
      key: key('down', options),
      prepare: async (signal) => {
        await files.reload();
        const observed = await observation.read(signal);
        return {
          plan: this.#planDown(observed, options),
          project: files.project ?? nameOnly(files.name, source.directory),
        };
      },
    };
  }

  restart({ noDeps, service, services: named = [], timeoutMs }: RestartRequest): OperationRequest {
    const services = service === undefined ? named : [service];
    return {
      kind: 'restart',
      services,
      key: key('restart', { services, timeoutMs, noDeps }),
      prepare: (signal) =>
        this.#withProject(signal, (project, observed) =>
          planRestart(project, observed, { engine: this.#engine, services, ...given({ noDeps, timeoutMs }) }),
        ),
    };
  }

  /** Works without readable files. */
  control(request: ControlRequest): OperationRequest {
    const { action, services } = request;
    return {
      kind: action,
      services,
      key: key('control', request),
      prepare: async (signal) => {
        const { files, observation, source } = this.#deps;
        await files.reload();
        const observed = await observation.read(signal);
        const { signal: name, timeoutMs } = request;
        const options = { engine: this.#engine, action, services, ...given({ signal: name, timeoutMs }) };
        return {
          plan: planControl(observed, files.project, options),
          project: files.project ?? nameOnly(files.name, source.directory),
        };
      },
    };
  }

  scale(request: ScaleRequest): OperationRequest {
    const { noDeps, scale } =
      'scale' in request ? request : { noDeps: undefined, scale: { [request.service]: request.replicas } };
    return {
      kind: 'scale',
      services: Object.keys(scale),
      key: key('scale', { noDeps, scale }),
      prepare: async (signal) => {
        const run = await this.#withProject(signal, (project, observed) => {
          refuseUnsupported(project);
          const { buildHashes } = this.#deps.files;
          return planScale(project, observed, {
            engine: this.#engine,
            buildHashes,
            scale,
            ...given({ noDeps }),
          });
        });
        await this.#checkPorts(run);
        return run;
      },
    };
  }

  pull({ services }: PullRequest): OperationRequest {
    return {
      kind: 'pull',
      services,
      key: key('pull', { services }),
      prepare: (signal) =>
        this.#withProject(signal, (project, observed) => planPull(project, observed, { services })),
    };
  }

  build({ noCache = false, services }: BuildRequest): OperationRequest {
    return {
      kind: 'build',
      services,
      key: key('build', { services, noCache }),
      prepare: (signal) => this.#withProject(signal, (project) => planBuild(project, { services, noCache })),
    };
  }

  get #engine(): EngineKind {
    return this.#deps.hub.engine.kind;
  }

  async #prepareUp(options: UpOptions, signal: AbortSignal): Promise<PlannedRun> {
    await this.#deps.files.reload();
    return this.#planUpNow(options, signal);
  }

  async #planUpNow(options: UpOptions, signal: AbortSignal): Promise<PlannedRun> {
    const { files, observation } = this.#deps;
    const inputs = await files.requireFor(options.services);
    const observed = await observation.read(signal, inputs.project);
    return { plan: this.#planUp(inputs, observed, options), project: inputs.project, observed };
  }

  #planUp({ buildHashes, project }: ProjectInputs, observed: ObservedState, options: UpRequest = {}): Plan {
    return planUp(project, observed, {
      engine: this.#engine,
      buildHashes,
      now: Date.now(),
      ...given(options),
    });
  }

  #planDown(observed: ObservedState, options: DownOptions): Plan {
    return planDown(observed, this.#deps.files.project, given(options));
  }

  /** After images were fetched under containers that were kept: those that are out of date now. */
  #upAgain(options: UpOptions, signal: AbortSignal): Promise<PreparedRun> {
    return this.#planUpNow({ ...options, build: false, pull: 'missing', forceRecreate: false }, signal);
  }

  async #withProject(
    signal: AbortSignal,
    plan: (project: Project, observed: ObservedState) => Plan,
  ): Promise<PlannedRun> {
    const project = await this.#reload();
    const observed = await this.#deps.observation.read(signal, project);
    return { plan: plan(project, observed), project, observed };
  }

  async #reload(): Promise<Project> {
    await this.#deps.files.reload();
    return this.#deps.files.require();
  }

  async #checkPorts({ observed, plan, project }: PlannedRun): Promise<void> {
    const wanted = wantedPorts(project, observed, plan);
    if (wanted.length === 0) return;
    const { hub, ports, source } = this.#deps;
    const probe = hub.isRemote ? portsOfEngine(hub.engine) : ports;
    await checkPorts(wanted, await source.readEnv(), probe, hub.engine);
  }
}

interface PlannedRun extends PreparedRun {
  readonly observed: ObservedState;
}

/** What a project that cannot be read still is: a name to find its containers by. */
function nameOnly(name: string, workingDir: string): Project {
  return { name, workingDir, configFiles: [], services: {}, inactiveServices: [], networks: {}, volumes: {} };
}

function key(kind: string, options: object): string {
  return JSON.stringify([kind, Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** Without the keys that are set to nothing. */
function given<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
