import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { isTreeAlive, signalTree } from './end-process.ts';
import { readProcessTable } from './process-table.ts';

const recordSchema = z.object({ pid: z.number().int().min(2), startedAt: z.string() });

/** Records of running processes on disk, so that the panel finds after a crash what it had started. */
export class Leftovers {
  readonly #directory: string;
  readonly #platform: NodeJS.Platform;

  constructor(directory: string, platform: NodeJS.Platform) {
    this.#directory = directory;
    this.#platform = platform;
  }

  async note(service: string, pid: number): Promise<void> {
    const startedAt = await this.#startTime(pid);
    if (startedAt === undefined) return;
    await mkdir(this.#directory, { recursive: true });
    await writeFile(this.#file(service), JSON.stringify({ pid, startedAt }), { mode: 0o600 });
  }

  async forget(service: string): Promise<void> {
    await rm(this.#file(service), { force: true });
  }

  /** Ends what a panel that crashed has left; a process is ended only when its start time proves that it is the same. */
  async endAll(): Promise<readonly number[]> {
    const names = await readdir(this.#directory).catch(() => []);
    const ended: number[] = [];
    for (const name of names.filter((file) => file.endsWith('.pid.json'))) {
      const file = path.join(this.#directory, name);
      const record = await readRecord(file);
      if (record !== undefined && (await this.#startTime(record.pid)) === record.startedAt) {
        await this.#end(record.pid);
        ended.push(record.pid);
      }
      await rm(file, { force: true });
    }
    return ended;
  }

  async #end(pid: number): Promise<void> {
    signalTree(pid, 'terminate', this.#platform);
    const deadline = Date.now() + 3000;
    while (isTreeAlive(pid, this.#platform) && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 50));
    if (isTreeAlive(pid, this.#platform)) signalTree(pid, 'kill', this.#platform);
  }

  async #startTime(pid: number): Promise<string | undefined> {
    const table = await readProcessTable(this.#platform).catch(() => []);
    const startedAt = table.find((entry) => entry.pid === pid)?.startedAt;
    return startedAt === '' ? undefined : startedAt;
  }

  #file(service: string): string {
    return path.join(this.#directory, `${service}.pid.json`);
  }
}

async function readRecord(file: string): Promise<z.output<typeof recordSchema> | undefined> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // Cut in the middle of a write: nothing can be proven, so nothing is ended.
    return undefined;
  }
}
