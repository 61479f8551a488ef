import path from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import type { ServiceStats } from '../../../shared/stats/stats-contract.ts';
import type { Project, Service } from '../../compose/project.ts';
import type { Logger } from '../../lifetime/logger.ts';
import { configHash } from '../../plan/config-hash.ts';
import { configLabel } from '../../plan/config-label.ts';
import { LABEL } from '../../plan/labels.ts';
import type { ObservedContainer, ObservedState } from '../../plan/observed-state.ts';
import type { Operation } from '../../plan/operation.ts';
import { StatePublisher } from '../../rpc/state-publisher.ts';
import type {
  EngineChange,
  EngineDescription,
  EngineLogLine,
  LogOptions,
  OperationContext,
  ShellSession,
  StackEngine,
  TerminalSize,
} from '../stack-engine.ts';
import { Leftovers } from './leftovers.ts';
import { openLocalShell } from './local-shell.ts';
import { LogFile } from './log-file.ts';
import { ProcessMeter } from './process-meter.ts';
import { launchSpec, type NodeCommand } from './sandbox-environment.ts';
import { exitFault, servicePort, spawnFault, unhealthyFault } from './sandbox-faults.ts';
import { SandboxProcess } from './sandbox-process.ts';

export interface SandboxEngineDeps {
  /** The app's `stack/` folder; services run their code from there. */
  readonly bundleDir: string;
  /** `.skilldeck/sandbox` of the workspace: logs and records of running processes. */
  readonly stateDir: string;
  readonly node: NodeCommand;
  readonly version: string;
  readonly logger: Logger;
  readonly platform?: NodeJS.Platform;
  readonly processEnv?: Readonly<Record<string, string | undefined>>;
}

interface Instance {
  readonly id: string;
  readonly project: string;
  readonly service: Service;
  readonly number: number;
  readonly configHash: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly process: SandboxProcess;
}

const DEFAULT_GRACE_MS = 10_000;
const DISPOSE_GRACE_MS = 3500;
const LAST_LINES = 20;

/** Runs the services that carry `x-skilldeck.sandbox` as local processes. They end with the panel. */
export class SandboxEngine implements StackEngine {
  readonly kind = 'sandbox';
  readonly #deps: SandboxEngineDeps;
  readonly #platform: NodeJS.Platform;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #leftovers: Leftovers;
  readonly #meter: ProcessMeter;
  readonly #changes = new StatePublisher(0, 50);
  readonly #instances = new Map<string, Instance>();
  #cleanedUp: Promise<void> | undefined;
  #disposing: Promise<void> | undefined;

  constructor(deps: SandboxEngineDeps) {
    this.#deps = deps;
    this.#platform = deps.platform ?? process.platform;
    this.#env = deps.processEnv ?? process.env;
    this.#leftovers = new Leftovers(deps.stateDir, this.#platform);
    this.#meter = new ProcessMeter(this.#platform);
  }

  async connect(signal: AbortSignal): Promise<EngineDescription> {
    signal.throwIfAborted();
    await this.#cleanUp();
    return { context: 'local', version: this.#deps.version };
  }

  async observe(projectName: string): Promise<ObservedState> {
    // A start may come before the first connection: what a crash has left would still hold the ports.
    if (this.#instances.size === 0) await this.#cleanUp();
    const own = [...this.#instances.values()].filter(({ project }) => project === projectName);
    return { containers: own.map(toObserved), networks: [], volumes: [], images: {} };
  }

  async *watch(_projectName: string, signal: AbortSignal): AsyncGenerator<EngineChange, void, void> {
    for await (const _version of this.#changes.subscribe(signal)) yield { kind: 'changed' };
  }

  async apply(operation: Operation, context: OperationContext): Promise<void> {
    context.signal.throwIfAborted();
    switch (operation.kind) {
      case 'create-container':
        this.#create(context.project, operation.service, operation.number);
        return;
      case 'recreate-container':
        await this.#remove(operation.containerId);
        this.#create(context.project, operation.service, operation.number);
        return;
      case 'start-container':
        this.#require(operation.service, operation.number).process.start();
        return;
      case 'wait-container':
        await this.#wait(this.#require(operation.service, operation.number), operation.until, context);
        return;
      case 'stop-container':
        await this.#stop(operation.containerId);
        return;
      case 'remove-container':
        await this.#remove(operation.containerId);
        return;
      // Images, networks and volumes do not exist here; the planner leaves them out.
      default:
        return;
    }
  }

  logs(instanceId: string, options: LogOptions, signal: AbortSignal): AsyncIterable<EngineLogLine> {
    const { process: child } = this.#byId(instanceId);
    const isEnded = () => !['running', 'restarting', 'created'].includes(child.status.state);
    return child.lines.read(options, isEnded, signal);
  }

  async openShell(instanceId: string, size: TerminalSize): Promise<ShellSession> {
    const { process: child, service } = this.#byId(instanceId);
    if (child.pid === undefined)
      throw new AppError('service.not_running', phrase('is_not_running', { service: service.name }), {
        hint: 'Start the stack first.',
        params: { service: service.name },
      });
    return openLocalShell(child.launch, size, this.#platform, this.#env);
  }

  async stats(projectName: string): Promise<readonly ServiceStats[]> {
    const running = [...this.#instances.values()].flatMap(({ project, service, process: child }) =>
      project === projectName && child.pid !== undefined ? [{ service: service.name, pid: child.pid }] : [],
    );
    return this.#meter.measure(running);
  }

  dispose(): Promise<void> {
    this.#disposing ??= this.#endAll();
    return this.#disposing;
  }

  #cleanUp(): Promise<void> {
    this.#cleanedUp ??= this.#leftovers.endAll().then((ended) => {
      if (ended.length > 0) this.#deps.logger.warn({ pids: ended }, 'ended processes that a crash had left');
    });
    return this.#cleanedUp;
  }

  async #endAll(): Promise<void> {
    // Newest first, so that what depends on others hears of it first.
    const newestFirst = [...this.#instances.values()].reverse();
    await Promise.all(newestFirst.map(({ process: child }) => child.stop(DISPOSE_GRACE_MS)));
    for (const { service } of this.#instances.values()) await this.#leftovers.forget(service.name);
  }

  #create(project: Project, name: string, number: number): void {
    if (this.#disposing !== undefined) throw new AppError('cancelled', phrase('panel_closing'));
    const id = `sandbox:${name}:${number}`;
    if (this.#instances.has(id)) return;
    const service = project.services[name];
    const spec = service?.skilldeck.sandbox;
    if (service === undefined || spec === undefined)
      throw new AppError('service.unknown', phrase('not_in_sandbox', { name }), {
        params: { service: name },
      });
    const { bundleDir, logger, node, stateDir } = this.#deps;
    const child = new SandboxProcess({
      spec,
      launch: launchSpec({ spec, bundleDir, node, processEnv: this.#env, parentPid: process.pid }),
      restart: service.restart,
      platform: this.#platform,
      logFile: new LogFile(path.join(stateDir, `${name}.log`), (error) =>
        logger.warn({ err: error, service: name }, 'the log file cannot be written'),
      ),
      onChange: () => this.#changed(),
      onPid: (pid) => this.#record(name, pid),
    });
    this.#instances.set(id, {
      id,
      project: project.name,
      service,
      number,
      configHash: configHash(service, 'sandbox'),
      labels: {
        ...service.labels,
        [LABEL.project]: project.name,
        [LABEL.service]: name,
        [LABEL.number]: String(number),
        [LABEL.config]: configLabel(service, 'sandbox'),
      },
      process: child,
    });
    this.#changed();
  }

  async #wait(
    { process: child, service }: Instance,
    until: 'running' | 'healthy' | 'completed',
    { report, signal }: OperationContext,
  ): Promise<void> {
    const lastLines = () => child.lines.last(LAST_LINES).map(({ text }) => text);
    let shown = '';
    for await (const _version of this.#changes.subscribe(signal)) {
      const { exitCode, health, healthOutput, state } = child.status;
      if (state === 'exited' || state === 'restarting') {
        if (until === 'completed' && exitCode === 0) return;
        for (const output of lastLines()) report({ output });
        if (child.spawnError !== undefined)
          throw spawnFault(service.name, child.spec.command[0] ?? '', child.spawnError);
        throw exitFault(service.name, exitCode, lastLines(), child.spec);
      }
      if (state === 'running' && until === 'running') return;
      if (state === 'running' && until === 'healthy') {
        if (health === 'healthy' || health === 'none') return;
        if (health === 'unhealthy') throw unhealthyFault(service.name, healthOutput);
        if (healthOutput !== '' && healthOutput !== shown)
          report({ text: healthOutput.split('\n')[0] ?? '' });
        shown = healthOutput;
      }
    }
    signal.throwIfAborted();
  }

  async #stop(id: string): Promise<void> {
    const instance = this.#instances.get(id);
    await instance?.process.stop(instance.service.stopGracePeriodMs ?? DEFAULT_GRACE_MS);
  }

  async #remove(id: string): Promise<void> {
    await this.#stop(id);
    if (this.#instances.delete(id)) this.#changed();
  }

  #require(service: string, number: number): Instance {
    return this.#byId(`sandbox:${service}:${number}`);
  }

  #byId(id: string): Instance {
    const instance = this.#instances.get(id);
    if (instance !== undefined) return instance;
    const service = id.split(':')[1] ?? id;
    throw new AppError('service.not_running', phrase('is_not_running', { service }), {
      hint: 'Start the stack first.',
      params: { service },
    });
  }

  #record(service: string, pid: number | undefined): void {
    const done = pid === undefined ? this.#leftovers.forget(service) : this.#leftovers.note(service, pid);
    done.catch((error: unknown) =>
      this.#deps.logger.warn({ err: error, service }, 'the record of a running process cannot be written'),
    );
  }

  #changed(): void {
    this.#changes.publish(this.#changes.value + 1);
  }
}

function toObserved(instance: Instance): ObservedContainer {
  const { project, service, number, process: child } = instance;
  const spec = child.spec;
  const port = servicePort(spec);
  const published = service.ports.find(({ published: hostPort }) => hostPort === port);
  return {
    id: instance.id,
    name: `${project}-${service.name}-${number}`,
    service: service.name,
    number,
    configHash: instance.configHash,
    imageId: '',
    imageRef: spec.command.join(' '),
    ...child.status,
    oomKilled: false,
    ports:
      port === undefined
        ? []
        : [
            {
              hostIp: '127.0.0.1',
              hostPort: port,
              containerPort: published?.target ?? port,
              protocol: 'tcp' as const,
            },
          ],
    networks: [],
    labels: instance.labels,
  };
}
