import type { Phase } from '../../shared/stack/plan-view.ts';
import type { RunProgress } from '../../shared/stack/run-record.ts';
import type { EngineKind } from '../../shared/stack/stack-snapshot.ts';
import type { ServiceStats } from '../../shared/stats/stats-contract.ts';
import type { Project } from '../compose/project.ts';
import type { ObservedState } from '../plan/observed-state.ts';
import type { Operation } from '../plan/operation.ts';

/**
 * What runs the stack: containers over the Docker Engine API, or local processes.
 *
 * All calls reject with an `AppError` (`engine.*`, `image.*`, `service.*`) and honour their signal within a second.
 */
export interface StackEngine {
  readonly kind: EngineKind;

  /** Finds the engine and agrees on an API version. Rejects with `engine.not_installed`, `.not_running`, `.permission_denied` or `.too_old`. */
  connect(signal: AbortSignal): Promise<EngineDescription>;

  /** What exists of the project now, read from labels alone. */
  observe(projectName: string, images: readonly string[], signal: AbortSignal): Promise<ObservedState>;

  /**
   * Yields `changed` whenever something of the project may have changed (already coalesced), and ends with an
   * `engine.unreachable` fault when the engine goes away. Subscribes before it yields its first `changed`.
   */
  watch(projectName: string, signal: AbortSignal): AsyncIterable<EngineChange>;

  /**
   * As {@link watch}, for every project at once over one subscription. An engine without it tells in `watch` of all
   * projects, whatever its name says.
   */
  watchAll?(signal: AbortSignal): AsyncIterable<ProjectsChange>;

  /** Does one operation of a plan; resolves when the engine confirms it. */
  apply(operation: Operation, context: OperationContext): Promise<void>;

  /** Whole lines of one container or process, oldest first; follows until it ends or the signal aborts. */
  logs(instanceId: string, options: LogOptions, signal: AbortSignal): AsyncIterable<EngineLogLine>;

  /** A shell in the service. Rejects with `service.not_running` or `terminal.failed`. */
  openShell(instanceId: string, size: TerminalSize, signal: AbortSignal): Promise<ShellSession>;

  /** One measurement of each running instance. */
  stats(projectName: string, signal: AbortSignal): Promise<readonly ServiceStats[]>;

  /** Runs a command in a running container (`exec`). Rejects with `service.not_running`. */
  exec?(instanceId: string, options: ExecOptions, signal: AbortSignal): Promise<CommandSession>;

  /** A container of the service for one command (`run`), with the labels of a one-off; removed at its end unless `keep`. */
  runOneOff?(
    project: Project,
    service: string,
    options: RunOptions,
    signal: AbortSignal,
  ): Promise<CommandSession>;

  /** What happens to the project's containers from now on, as it happens; ends with `engine.unreachable`. */
  events?(projectName: string, signal: AbortSignal): AsyncIterable<EngineEvent>;

  /** Every compose project that the engine has containers of. */
  listProjects?(signal: AbortSignal): Promise<readonly EngineProject[]>;

  /** Who of the engine's own publishes a TCP port of this machine; an engine without containers has no such call. */
  findPortHolder?(port: number, signal: AbortSignal): Promise<PortHolder | undefined>;

  /** The sandbox ends its processes here; Docker's containers go on. */
  dispose(): Promise<void>;
}

export interface EngineDescription {
  readonly context: string;
  readonly version: string;
  readonly apiVersion?: string;
  /** Publishes ports on another machine than this one. */
  readonly isRemote?: boolean;
}

export interface PortHolder {
  readonly container: string;
  /** Compose project that it belongs to. */
  readonly project?: string;
}

export interface EngineChange {
  readonly kind: 'changed';
}

export interface ProjectsChange extends EngineChange {
  /** Projects that may have changed; absent: any of them (networks and volumes tell no project in their events). */
  readonly projects?: readonly string[];
}

export interface OperationContext {
  readonly project: Project;
  readonly signal: AbortSignal;
  /** Progress of the running operation; may be called often, the receiver coalesces. */
  readonly report: (progress: OperationProgress) => void;
}

export interface OperationProgress extends RunProgress {
  /** Set when the operation enters another phase, e.g. a build that starts to install dependencies. */
  readonly phase?: Phase;
  /** A line of build or start output, kept for the run record. */
  readonly output?: string;
}

export interface LogOptions {
  readonly tail: number;
  readonly follow: boolean;
  /** Epoch milliseconds. */
  readonly since?: number;
}

export interface EngineLogLine {
  readonly at: number;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface ShellSession {
  /** For the tab's title, e.g. `bash`. */
  readonly shell: string;
  /** UTF-8 text as it comes; ends when the shell does. */
  readonly output: AsyncIterable<string>;
  readonly exit: Promise<{ readonly code: number | null }>;
  write(data: string): void;
  resize(size: TerminalSize): Promise<void>;
  /** Ends the shell; safe to call twice. */
  close(): void;
}

export interface ExecOptions {
  readonly command: readonly string[];
  readonly tty: boolean;
  readonly interactive: boolean;
  readonly size?: TerminalSize;
  readonly user?: string;
  readonly workingDir?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly privileged?: boolean;
}

export interface RunOptions extends Omit<ExecOptions, 'command' | 'privileged'> {
  /** Absent: the service's own. */
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly name?: string;
  /** Publishes the service's ports, which a one-off does not by itself. */
  readonly servicePorts?: boolean;
  readonly keep?: boolean;
}

/** A command that runs: bytes in both directions, and its end. */
export interface CommandSession {
  readonly output: AsyncIterable<{ readonly stream: 'stdout' | 'stderr'; readonly data: Uint8Array }>;
  readonly exit: Promise<{ readonly code: number }>;
  /** Resolves when there is room for more; never rejects. */
  write(data: Uint8Array): Promise<void>;
  /** End of input. */
  end(): void;
  resize(size: TerminalSize): Promise<void>;
  close(): void;
}

export interface EngineEvent {
  /** Epoch milliseconds. */
  readonly at: number;
  /** As the engine says it, e.g. `start`, `die`, `health_status`. */
  readonly action: string;
  readonly detail?: string;
  readonly service: string;
  readonly containerId: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface EngineProject {
  readonly name: string;
  readonly workingDir?: string;
  readonly configFiles: readonly string[];
  readonly running: number;
  readonly total: number;
}
