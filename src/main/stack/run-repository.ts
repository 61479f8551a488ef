import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { type RunRecord, runRecordSchema } from '../../shared/stack/run-record.ts';
import type { Logger } from '../lifetime/logger.ts';

const KEPT = 50;
const NAME = /^[\w-]{1,80}\.json$/;

/** Run records on disk, one file each, newest 50. Ids sort by time. */
export class RunRepository {
  readonly #directory: string;
  readonly #logger: Logger;
  /** Records to be written, by id: of a record that changes faster than the disk only the newest is. */
  readonly #unsaved = new Map<string, RunRecord>();
  #writing: Promise<void> | undefined;

  constructor(directory: string, logger: Logger) {
    this.#directory = directory;
    this.#logger = logger;
  }

  /** Never rejects: a record that cannot be written must not end the run that it describes. */
  save(record: RunRecord): Promise<void> {
    this.#unsaved.set(record.id, record);
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  /** Newest first; a damaged file is left out. */
  async list(limit: number): Promise<readonly RunRecord[]> {
    const names = (await this.#names()).slice(0, limit);
    const records = await Promise.all(names.map((name) => this.#read(name)));
    return records.filter((record) => record !== undefined);
  }

  /** A run that still says `running` was cut off with the process that did it, unless that is alive. */
  async markInterrupted(alive: ReadonlySet<string>): Promise<void> {
    for (const record of await this.list(KEPT)) {
      if (record.outcome !== 'running' || alive.has(record.id)) continue;
      const steps = record.steps.map((step) =>
        step.status === 'running' ? { ...step, status: 'cancelled' as const } : step,
      );
      await this.save({ ...record, steps, outcome: 'interrupted', endedAt: lastKnownTime(record) });
    }
  }

  async #writeAll(): Promise<void> {
    for (let next = first(this.#unsaved); next !== undefined; next = first(this.#unsaved)) {
      this.#unsaved.delete(next.id);
      await this.#write(next);
    }
  }

  async #write(record: RunRecord): Promise<void> {
    try {
      await mkdir(this.#directory, { recursive: true });
      await writeFileAtomic(join(this.#directory, `${record.id}.json`), JSON.stringify(record), {
        mode: 0o600,
        // One that changed nothing may be lost with the power, and of one under way the next follows soon.
        fsync: record.outcome !== 'running' && record.steps.length > 0,
      });
      if (record.outcome !== 'running') await this.#prune();
    } catch (error) {
      this.#logger.warn({ error, run: record.id }, 'the run record was not written');
    }
  }

  async #prune(): Promise<void> {
    for (const name of (await this.#names()).slice(KEPT))
      await rm(join(this.#directory, name), { force: true });
  }

  async #names(): Promise<readonly string[]> {
    const names = await readdir(this.#directory).catch(() => [] as string[]);
    return names
      .filter((name) => NAME.test(name))
      .sort()
      .reverse();
  }

  async #read(name: string): Promise<RunRecord | undefined> {
    try {
      return runRecordSchema.parse(JSON.parse(await readFile(join(this.#directory, name), 'utf8')));
    } catch (error) {
      this.#logger.warn({ error, name }, 'a run record cannot be read');
      return undefined;
    }
  }
}

function lastKnownTime(record: RunRecord): number {
  const times = record.steps.flatMap((step) =>
    step.spans.flatMap((span) => [span.startedAt, span.endedAt ?? 0]),
  );
  return Math.max(record.startedAt, ...times);
}

function first(records: ReadonlyMap<string, RunRecord>): RunRecord | undefined {
  const [record] = records.values();
  return record;
}
