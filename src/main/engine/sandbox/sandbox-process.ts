import { type ChildProcess, spawn } from 'node:child_process';
import type { RestartPolicy, SandboxSpec } from '../../compose/project.ts';
import { LineSplitter } from '../docker/line-splitter.ts';
import { isTreeAlive, signalTree } from './end-process.ts';
import type { LogFile } from './log-file.ts';
import { LogRing } from './log-ring.ts';
import { probeHealth } from './probe-health.ts';
import type { LaunchSpec } from './sandbox-environment.ts';

export interface SandboxProcessDeps {
  readonly spec: SandboxSpec;
  readonly launch: LaunchSpec;
  readonly restart: RestartPolicy;
  readonly platform: NodeJS.Platform;
  readonly logFile: LogFile;
  readonly onChange: () => void;
  /** A process runs (`pid`) or has ended (undefined). */
  readonly onPid: (pid: number | undefined) => void;
  readonly now?: () => number;
}

export interface ProcessState {
  readonly state: 'created' | 'running' | 'restarting' | 'exited';
  readonly health: 'none' | 'starting' | 'healthy' | 'unhealthy';
  readonly healthOutput: string;
  readonly exitCode?: number;
  readonly startedAt?: number;
  readonly finishedAt?: number;
}

/** While it runs well it is asked less often, so that an idle stack costs nothing. */
const STEADY_PROBE_MS = 5000;
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 30_000;
/** A process that lived this long before it crashed starts the backoff anew. */
const STABLE_MS = 10_000;
const EXIT_POLL_MS = 25;

/** One service as a local process: started, watched, started again when it crashes, ended with all its children. */
export class SandboxProcess {
  readonly lines = new LogRing();
  readonly #deps: SandboxProcessDeps;
  readonly #now: () => number;
  #status: ProcessState;
  #child: ChildProcess | undefined;
  #spawnError: unknown;
  #exited: Promise<void> = Promise.resolve();
  #wasUp = false;
  #stopping = false;
  #crashes = 0;
  #probing: AbortController | undefined;
  #restartTimer: NodeJS.Timeout | undefined;

  constructor(deps: SandboxProcessDeps) {
    this.#deps = deps;
    this.#now = deps.now ?? Date.now;
    this.#status = { state: 'created', health: 'none', healthOutput: '' };
  }

  get status(): ProcessState {
    return this.#status;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Why the last start did not even make a process. */
  get spawnError(): unknown {
    return this.#spawnError;
  }

  get launch(): LaunchSpec {
    return this.#deps.launch;
  }

  get spec(): SandboxSpec {
    return this.#deps.spec;
  }

  /** Does nothing while it runs. */
  start(): void {
    if (this.#child !== undefined) return;
    clearTimeout(this.#restartTimer);
    this.#stopping = false;
    this.#wasUp = false;
    this.#crashes = 0;
    this.#spawn();
  }

  /** Asks it to end and insists after `graceMs`; resolves when nothing of it is left. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restartTimer);
    this.#probing?.abort();
    const pid = this.#child?.pid;
    if (pid === undefined) {
      if (this.#status.state === 'restarting') this.#change({ ...this.#status, state: 'exited' });
      return;
    }
    signalTree(pid, 'terminate', this.#deps.platform);
    if (!(await this.#isGone(pid, graceMs))) {
      signalTree(pid, 'kill', this.#deps.platform);
      await this.#isGone(pid, 2000);
    }
    await this.#exited;
    await this.#deps.logFile.flush();
  }

  /** Last resort of a panel that must end now. */
  kill(): void {
    this.#stopping = true;
    const pid = this.#child?.pid;
    if (pid !== undefined) signalTree(pid, 'kill', this.#deps.platform);
  }

  async #isGone(pid: number, limitMs: number): Promise<boolean> {
    const deadline = this.#now() + limitMs;
    while (isTreeAlive(pid, this.#deps.platform)) {
      if (this.#now() >= deadline) return false;
      await new Promise((resolve) => setTimeout(resolve, EXIT_POLL_MS));
    }
    return true;
  }

  #spawn(): void {
    const { launch, platform } = this.#deps;
    this.#spawnError = undefined;
    const child = spawn(launch.file, launch.args, {
      cwd: launch.cwd,
      env: { ...launch.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: platform !== 'win32',
      windowsHide: true,
    });
    this.#child = child;
    const splitters = (['stdout', 'stderr'] as const).map((stream) => {
      const splitter = new LineSplitter((text) => this.#log(stream, text));
      child[stream]?.on('data', (bytes: Buffer) => splitter.push(bytes));
      return splitter;
    });
    this.#exited = new Promise((resolve) => {
      const done = (code: number | null, signal: NodeJS.Signals | null) => {
        if (this.#child !== child) return;
        for (const splitter of splitters) splitter.end();
        this.#ended(code ?? (signal === null ? undefined : 128));
        resolve();
      };
      child.once('error', (error) => {
        this.#spawnError = error;
        this.#log('stderr', error.message);
        // Without a process there is no `close` to come.
        if (child.pid === undefined) done(127, null);
      });
      child.once('close', done);
    });
    if (child.pid !== undefined) this.#deps.onPid(child.pid);
    const hasHealth = this.#deps.spec.health !== undefined;
    this.#change({
      state: 'running',
      health: hasHealth ? 'starting' : 'none',
      healthOutput: '',
      startedAt: this.#now(),
    });
    if (hasHealth) void this.#probe();
  }

  #ended(exitCode: number | undefined): void {
    const startedAt = this.#status.startedAt ?? this.#now();
    this.#child = undefined;
    this.#probing?.abort();
    this.#deps.onPid(undefined);
    const lived = this.#now() - startedAt;
    const restarts = !this.#stopping && this.#shallRestart(exitCode, lived);
    this.#change({
      state: restarts ? 'restarting' : 'exited',
      health: 'none',
      healthOutput: this.#status.healthOutput,
      ...(exitCode === undefined ? {} : { exitCode }),
      startedAt,
      finishedAt: this.#now(),
    });
    this.lines.wakeReaders();
    if (!restarts) return;
    if (lived >= STABLE_MS) this.#crashes = 0;
    const delay = Math.min(FIRST_BACKOFF_MS * 2 ** this.#crashes, MAX_BACKOFF_MS);
    this.#crashes += 1;
    this.#restartTimer = setTimeout(() => this.#spawn(), delay);
  }

  /** What never came up is not tried again and again: its fault is shown instead. */
  #shallRestart(exitCode: number | undefined, livedMs: number): boolean {
    const { name, maximumRetryCount } = this.#deps.restart;
    if (name === 'no' || (name === 'on-failure' && exitCode === 0)) return false;
    if (maximumRetryCount !== undefined && this.#crashes >= maximumRetryCount) return false;
    if (this.#spawnError !== undefined) return false;
    return this.#wasUp || (this.#deps.spec.health === undefined && livedMs > 1000);
  }

  async #probe(): Promise<void> {
    const { health } = this.#deps.spec;
    if (health === undefined) return;
    const controller = new AbortController();
    this.#probing = controller;
    const { signal } = controller;
    let failures = 0;
    while (!signal.aborted) {
      const result = await probeHealth(health.http, health.timeoutMs, signal);
      if (signal.aborted) return;
      failures = result.isHealthy ? 0 : failures + 1;
      if (result.isHealthy) this.#wasUp = true;
      this.#judge(result.isHealthy, failures >= health.retries, result.output);
      const isSteady = this.#status.health === 'healthy' && failures === 0;
      await pause(isSteady ? STEADY_PROBE_MS : startInterval(health.intervalMs, this.#wasUp), signal);
    }
  }

  #judge(isHealthy: boolean, isLost: boolean, output: string): void {
    const before = this.#status;
    const health = isHealthy ? 'healthy' : isLost ? 'unhealthy' : before.health;
    const isNews = health !== before.health || (health !== 'healthy' && output !== before.healthOutput);
    const next = { ...before, health, healthOutput: output };
    if (isNews) this.#change(next);
    else this.#status = next;
  }

  #log(stream: 'stdout' | 'stderr', text: string): void {
    const line = { at: this.#now(), stream, text };
    this.lines.push(line);
    this.#deps.logFile.push(line);
  }

  #change(status: ProcessState): void {
    this.#status = status;
    this.#deps.onChange();
  }
}

/** A service that is coming up is asked often: its first good answer is what a person waits for. */
function startInterval(intervalMs: number, wasUp: boolean): number {
  return wasUp ? intervalMs : Math.min(intervalMs, 1000);
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
  });
}
