import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type FromWorker, FromWorkerSchema, type ToWorker } from './worker-protocol.ts';

export interface WorkerProcessOptions {
  /** Another program than the one that runs llama.cpp, for tests. */
  readonly workerFile?: URL | undefined;
  readonly onMessage: (message: FromWorker) => void;
  /** Called once, whatever ended the process; `detail` is the end of what it wrote to stderr. */
  readonly onExit: (how: {
    readonly code: number | null;
    readonly signal: string | null;
    readonly detail: string;
  }) => void;
}

const STDERR_KEPT = 4000;
const KILL_AFTER_MS = 2000;

/** Beside this module in the sources, beside the server in the bundle. */
const WORKER_FILE = new URL(
  import.meta.url.endsWith('.ts') ? './llama-worker.ts' : './llama-worker.js',
  import.meta.url,
);

/** The child process and its pipe. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  #hasEnded = false;

  constructor({ onMessage, onExit, workerFile }: WorkerProcessOptions) {
    // The environment goes along as it is: under Electron it holds ELECTRON_RUN_AS_NODE, without which fork opens a window.
    this.#child = fork(fileURLToPath(workerFile ?? WORKER_FILE), [], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let detail = '';
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      detail = (detail + text).slice(-STDERR_KEPT);
    });
    this.#child.on('message', (raw) => {
      const message = FromWorkerSchema.safeParse(raw);
      if (message.success) onMessage(message.data);
    });
    const end = (code: number | null, signal: string | null): void => {
      if (this.#hasEnded) return;
      this.#hasEnded = true;
      onExit({ code, signal, detail: detail.trim() });
    };
    this.#child.on('exit', end);
    this.#child.on('error', (error) => {
      detail += String(error);
      if (this.#child.pid === undefined) end(null, null);
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(message: ToWorker): void {
    // A pipe that breaks here is followed by `exit`, which tells everyone who waits.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  /** At once, also when it is stopped. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Lets it end by itself, but not for long. */
  async end(): Promise<void> {
    if (this.#hasEnded || this.#child.pid === undefined) return;
    const exited = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), KILL_AFTER_MS);
    await exited;
    clearTimeout(timer);
  }
}
