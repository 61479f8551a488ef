import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { IPty } from '@lydell/node-pty';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** For `cli.docker.test.ts` only: the built command line, a folder with a project of a name of its own, and the sweep at the end. */
export class CliTestBed {
  readonly project = `sdcli-${randomBytes(4).toString('hex')}`;
  readonly directory = mkdtempSync(join(tmpdir(), 'skilldeck-cli-'));
  readonly state = mkdtempSync(join(tmpdir(), 'skilldeck-cli-state-'));
  readonly #build = join(ROOT, '.cache', `cli-test-${process.pid}-${randomBytes(2).toString('hex')}`);

  get file(): string {
    return join(this.#build, 'skilldeck.mjs');
  }

  async build(): Promise<void> {
    // A script of the repository, which TypeScript does not see.
    const { buildCli } = (await import(`${ROOT}/scripts/build-cli.mjs`)) as {
      buildCli: (folder: string) => Promise<void>;
    };
    mkdirSync(dirname(this.#build), { recursive: true });
    await buildCli(this.#build);
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(join(this.directory, name)), { recursive: true });
    writeFileSync(join(this.directory, name), text);
  }

  spawn(args: readonly string[], options: RunOptions = {}): ChildProcess {
    return spawn(process.execPath, [this.file, ...args], this.#options(options));
  }

  run(args: readonly string[], options: RunOptions = {}): Promise<CliResult> {
    const child = this.spawn(args, options);
    child.stdin?.end(options.input ?? '');
    return collect(child);
  }

  /** A line of the shell, with the command line as `$CLI`. */
  shell(line: string): Promise<CliResult> {
    const { cwd, env } = this.#options({});
    const child = spawn('sh', ['-c', line], {
      cwd,
      env: { ...env, CLI: `${process.execPath} ${this.file}` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return collect(child);
  }

  /** Takes away whatever a test has left, and the folders. */
  async dispose(): Promise<void> {
    await this.run(['-p', this.project, 'down', '-v', '--remove-orphans', '-t', '0']).catch(() => {});
    for (const folder of [this.#build, this.directory, this.state])
      rmSync(folder, { recursive: true, force: true });
  }

  #options({ cwd = this.directory, env = {} }: RunOptions) {
    return {
      cwd,
      env: {
        PATH: process.env.PATH ?? '',
        HOME: process.env.HOME ?? '',
        ...(process.env.DOCKER_HOST === undefined ? {} : { DOCKER_HOST: process.env.DOCKER_HOST }),
        XDG_STATE_HOME: this.state,
        ...env,
      } as NodeJS.ProcessEnv,
    };
  }
}

export async function collect(child: ChildProcess): Promise<CliResult> {
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout?.on('data', (data: Buffer) => out.push(data));
  child.stderr?.on('data', (data: Buffer) => err.push(data));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  return { code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() };
}

/** Resolves when the output of a process has a line like that; rejects when it ends before. */
export function untilOutput(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let seen = '';
    const look = (data: Buffer) => {
      seen += data.toString();
      if (pattern.test(seen)) resolve(seen);
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    child.once('close', () => reject(new Error(`It ended before it said ${pattern}:\n${seen}`)));
  });
}

/** What a pseudo terminal has shown so far. */
export class TerminalText {
  readonly exitCode: Promise<number>;
  #text = '';
  #onMore = () => {};

  constructor(terminal: IPty) {
    terminal.onData((data) => {
      this.#text += data;
      this.#onMore();
    });
    this.exitCode = new Promise((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)));
  }

  /** Rejects when the program ends before; what has matched is not looked at again. */
  async until(pattern: RegExp): Promise<void> {
    const found = new Promise<void>((resolve) => {
      this.#onMore = () => {
        const match = pattern.exec(this.#text);
        if (match === null) return;
        this.#text = this.#text.slice(match.index + match[0].length);
        resolve();
      };
      this.#onMore();
    });
    const ended = this.exitCode.then((code) => {
      throw new Error(`It ended with ${code} before it showed ${pattern}: ${this.#text}`);
    });
    await Promise.race([found, ended]);
  }
}

/** For what only the engine knows. */
export function docker(...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('docker', args, (error, stdout) => (error ? reject(error) : resolve(stdout.trim())));
  });
}
