import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { diskFault } from '../workspace/disk-fault.ts';
import { type ReadStartTime, readStartTime, UNKNOWN_START } from './process-identity.ts';

const holderSchema = z.object({
  pid: z.number().int().positive(),
  startedAt: z.string(),
  /** Tells two holders of one process apart. */
  token: z.string(),
  run: z.string(),
});
/** Who works on a project. */
type LockHolder = z.output<typeof holderSchema>;

export interface ProjectLockOptions {
  /** Shared by all who may work on the project: panel and command line. */
  readonly directory: string;
  /** What is locked, e.g. engine and project name. */
  readonly name: string;
  readonly startTime?: ReadStartTime;
  readonly pollMs?: number;
}

const POLL_MS = 150;
const POLLS_PER_LOOK = 10;

/**
 * One plan at a time on a project, across processes: a file that names who works on it.
 *
 * A holder that has ended without saying so is taken over. Two that take over the same dead holder at the same moment
 * cannot both win: a rename moves a file once, and who moved a living one puts it back.
 */
export class ProjectLock {
  readonly #options: ProjectLockOptions;
  readonly #file: string;
  readonly #startTime: ReadStartTime;

  constructor(options: ProjectLockOptions) {
    this.#options = options;
    this.#startTime = options.startTime ?? readStartTime;
    const hash = createHash('sha256').update(options.name).digest('hex').slice(0, 32);
    this.#file = join(options.directory, `${hash}.json`);
  }

  /**
   * Waits until nobody else works on the project, or the signal aborts.
   *
   * @returns how to let go; safe to call twice.
   */
  async acquire(run: string, signal: AbortSignal): Promise<() => Promise<void>> {
    const startedAt = (await this.#startTime(process.pid)) ?? UNKNOWN_START;
    const mine: LockHolder = { pid: process.pid, startedAt, token: randomUUID(), run };
    for (let tries = 0; ; tries += 1) {
      signal.throwIfAborted();
      if (await this.#tryCreate(mine)) return () => this.#release(mine);
      // Whether a process is still the same one costs a program call on some systems.
      if (tries % POLLS_PER_LOOK === 0 && (await this.#removeDead())) continue;
      await pause(this.#options.pollMs ?? POLL_MS, signal);
    }
  }

  async #tryCreate(mine: LockHolder): Promise<boolean> {
    const draft = `${this.#file}.${mine.token}`;
    try {
      await mkdir(this.#options.directory, { recursive: true, mode: 0o700 });
      // Linked, not created and then written: nobody ever sees half of it.
      await writeFile(draft, JSON.stringify(mine), { mode: 0o600 });
      try {
        await link(draft, this.#file);
        return true;
      } catch (error) {
        if (codeOf(error) === 'EEXIST') return false;
        // A file system without links.
        return await this.#createPlainly(mine);
      } finally {
        await rm(draft, { force: true });
      }
    } catch (error) {
      throw diskFault(error, this.#file);
    }
  }

  async #createPlainly(mine: LockHolder): Promise<boolean> {
    try {
      await writeFile(this.#file, JSON.stringify(mine), { mode: 0o600, flag: 'wx' });
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    }
  }

  /** @returns whether it is worth trying again at once. */
  async #removeDead(): Promise<boolean> {
    const { holder, text } = await this.#read();
    if (text === undefined) return true;
    if (holder !== undefined && (await this.#isAlive(holder))) return false;
    const aside = `${this.#file}.${randomUUID()}.old`;
    try {
      await rename(this.#file, aside);
    } catch {
      return true;
    }
    const moved = await readFile(aside, 'utf8').catch(() => undefined);
    if (moved !== text) await link(aside, this.#file).catch(() => {});
    await rm(aside, { force: true });
    return true;
  }

  async #release(mine: LockHolder): Promise<void> {
    const { holder } = await this.#read();
    if (holder?.token === mine.token) await rm(this.#file, { force: true });
  }

  async #isAlive(holder: LockHolder): Promise<boolean> {
    return isAlive(holder, this.#startTime);
  }

  async #read(): Promise<{ readonly text?: string; readonly holder?: LockHolder }> {
    return readHolder(this.#file);
  }
}

/** Runs that some process is doing now, on any project. */
export async function runsUnderWay(
  directory: string,
  startTime: ReadStartTime = readStartTime,
): Promise<ReadonlySet<string>> {
  const names = (await readdir(directory).catch(() => [] as string[])).filter((name) =>
    name.endsWith('.json'),
  );
  const holders = await Promise.all(names.map((name) => readHolder(join(directory, name))));
  const runs = await Promise.all(
    holders.map(async ({ holder }) =>
      holder !== undefined && (await isAlive(holder, startTime)) ? [holder.run] : [],
    ),
  );
  return new Set(runs.flat());
}

async function readHolder(file: string): Promise<{ readonly text?: string; readonly holder?: LockHolder }> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return {};
  try {
    return { text, holder: holderSchema.parse(JSON.parse(text)) };
  } catch {
    // Nobody writes such a file: it holds nothing.
    return { text };
  }
}

async function isAlive(holder: LockHolder, startTime: ReadStartTime): Promise<boolean> {
  const now = await startTime(holder.pid);
  if (now === undefined) return false;
  return now === holder.startedAt || [now, holder.startedAt].includes(UNKNOWN_START);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal.aborted) done();
    else signal.addEventListener('abort', done, { once: true });
  });
}
