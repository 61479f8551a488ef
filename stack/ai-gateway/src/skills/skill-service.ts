import { mkdir, readdir, realpath } from 'node:fs/promises';
import type { SkillSnapshotDiagnostic } from '@skilldeck/agent-skills';
import { GatewayError } from '../gateway-error.ts';
import { watchHints } from '../watch-hints.ts';
import { readSkillFile } from './skill-file.ts';
import { SkillHistory } from './skill-history.ts';
import { SkillResources } from './skill-resources.ts';
import {
  buildSnapshot,
  contentsOf,
  EMPTY_SNAPSHOT,
  type SkillReading,
  type SkillSnapshot,
} from './skill-snapshot.ts';

export interface SkillReload {
  readonly snapshot: SkillSnapshot;
  readonly changed: readonly string[];
  readonly ms: number;
}

export interface SkillServiceOptions {
  readonly root: string;
  readonly onReload: (reload: SkillReload) => void;
  readonly onError: (error: unknown) => void;
  readonly now?: () => Date;
  readonly pollMs?: number;
}

/** An older generation that is in use although the files say otherwise. */
export interface HeldGeneration {
  readonly of: number;
  /** ISO time. */
  readonly since: string;
}

const MAX_SKILLS = 500;
const POLL_MS = 2000;
const READ_AT_ONCE = 16;

/** Keeps the live snapshot of the skills folder: watched, polled, and reloaded on request. */
export class SkillService {
  readonly #options: SkillServiceOptions;
  /** What the files say. */
  #onDisk = EMPTY_SNAPSHOT;
  /** What is in use. */
  #snapshot = EMPTY_SNAPSHOT;
  #generation = 0;
  #held: HeldGeneration | undefined;
  #readings = new Map<string, SkillReading>();
  #running: Promise<SkillReload> | undefined;
  #next: Promise<SkillReload> | undefined;
  #watch: { close(): Promise<void> } | undefined;

  constructor(options: SkillServiceOptions) {
    this.#options = options;
  }

  get snapshot(): SkillSnapshot {
    return this.#snapshot;
  }

  readonly resources = new SkillResources();
  /** Generations that were in use, newest first. */
  readonly history = new SkillHistory();

  get held(): HeldGeneration | undefined {
    return this.#held;
  }

  /**
   * Puts the skills of a former generation in use, as a new one, until {@link release}: whatever the files say meanwhile.
   *
   * @throws GatewayError `not_found`
   */
  rollBack(generation: number): SkillSnapshot {
    const former = this.history.find(generation);
    if (former === undefined)
      throw new GatewayError('not_found', `Generation ${generation} is not kept any more.`, {
        param: 'generation',
        hint: `Kept are: ${this.history.list.map(({ snapshot }) => snapshot.generation).join(', ')}.`,
      });
    this.#held = { of: generation, since: this.#now().toISOString() };
    this.#use(former);
    return this.#snapshot;
  }

  /** Back to what the files say. */
  release(): SkillSnapshot {
    this.#held = undefined;
    this.#use(this.#onDisk);
    return this.#snapshot;
  }

  async start(): Promise<void> {
    await this.reload();
    this.#watch = watchHints({
      paths: [this.#options.root],
      depth: 1,
      pollMs: this.#options.pollMs ?? POLL_MS,
      onHint: () => void this.reload().catch(this.#options.onError),
      onError: this.#options.onError,
    });
  }

  async dispose(): Promise<void> {
    await this.#watch?.close();
    await this.#running?.catch(() => undefined);
  }

  /**
   * Resolves when a snapshot that was built entirely after this call is live.
   *
   * A scan that already runs may have passed the caller's file, so the call waits for the one after it, which all callers
   * in between share.
   */
  reload(): Promise<SkillReload> {
    if (this.#running === undefined) return this.#begin();
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#begin();
      });
    return this.#next;
  }

  #begin(): Promise<SkillReload> {
    const scan = this.#scan().finally(() => {
      if (this.#running === scan) this.#running = undefined;
    });
    this.#running = scan;
    return scan;
  }

  async #scan(): Promise<SkillReload> {
    const startedAt = performance.now();
    const { readings, diagnostics } = await this.#readRoot();
    const previous = this.#snapshot;
    this.#readings = new Map(readings.map((reading) => [reading.directory, reading]));
    const before = this.#onDisk;
    this.#onDisk = buildSnapshot(before, readings, diagnostics, this.#now());
    if (this.#held === undefined && this.#onDisk !== before) this.#use(this.#onDisk);
    const changed = changedNames(previous, this.#snapshot);
    const reload = { snapshot: this.#snapshot, changed, ms: performance.now() - startedAt };
    if (this.#snapshot !== previous) this.#options.onReload(reload);
    return reload;
  }

  /** Generations grow, also when the skills are those of a former one. */
  #use(wanted: SkillSnapshot): void {
    const previous = this.#snapshot;
    const isNew = wanted.sha256 !== previous.sha256 || this.#generation === 0;
    if (isNew) this.#generation += 1;
    const loadedAt = isNew ? this.#now().toISOString() : previous.loadedAt;
    this.#snapshot = { ...wanted, generation: this.#generation, loadedAt };
    this.history.add(this.#snapshot, changedNames(previous, this.#snapshot));
  }

  #now(): Date {
    return this.#options.now?.() ?? new Date();
  }

  async #readRoot(): Promise<{ readings: SkillReading[]; diagnostics: SkillSnapshotDiagnostic[] }> {
    let root: string;
    let directories: string[];
    try {
      await mkdir(this.#options.root, { recursive: true });
      root = await realpath(this.#options.root);
      const entries = await readdir(root, { withFileTypes: true });
      directories = entries
        .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
        .map((entry) => entry.name)
        .sort();
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
      const message = `The skills folder cannot be read (${code}); the skills before stay in use.`;
      const kept = [...this.#readings.values()];
      return {
        readings: kept,
        diagnostics: [rootDiagnostic('skills.root_unreadable', message, { reason: code })],
      };
    }
    const diagnostics: SkillSnapshotDiagnostic[] = [];
    if (directories.length > MAX_SKILLS) {
      const message = `There are ${directories.length} folders; only the first ${MAX_SKILLS} by name are read.`;
      diagnostics.push(
        rootDiagnostic('skills.too_many', message, { count: directories.length, limit: MAX_SKILLS }),
      );
    }
    const readings: SkillReading[] = [];
    const queue = directories.slice(0, MAX_SKILLS);
    for (let index = 0; index < queue.length; index += READ_AT_ONCE) {
      const batch = queue.slice(index, index + READ_AT_ONCE);
      readings.push(...(await Promise.all(batch.map((name) => this.#readSkill(root, name)))));
    }
    return { readings, diagnostics };
  }

  async #readSkill(root: string, directory: string): Promise<SkillReading> {
    const previous = this.#readings.get(directory);
    const reading = await readSkillFile(root, directory, previous);
    if (reading.kind === 'absent') return { ...reading, resources: [] };
    const resources = await this.resources.scan(root, directory, previous?.resources ?? []);
    return { ...reading, resources };
  }
}

function rootDiagnostic(
  code: string,
  message: string,
  params: Record<string, string | number>,
): SkillSnapshotDiagnostic {
  return { directory: '', code, severity: 'warning', message, params, line: 1, column: 1 };
}

function changedNames(before: SkillSnapshot, after: SkillSnapshot): string[] {
  if (before === after) return [];
  const hashes = (snapshot: SkillSnapshot): Map<string, string> =>
    new Map(snapshot.skills.map((live) => [live.entry.name, contentsOf(live)]));
  const old = hashes(before);
  const fresh = hashes(after);
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .filter((name) => old.get(name) !== fresh.get(name))
    .sort();
}
