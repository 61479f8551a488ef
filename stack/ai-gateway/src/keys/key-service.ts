import type { KeyCreated, KeyList, KeySettings, KeyView } from '@skilldeck/agent-skills';
import { type Clock, SYSTEM_CLOCK } from '../backends/llama-cpp/lifecycle/clock.ts';
import { GatewayError } from '../gateway-error.ts';
import type { Logger } from '../observability/logger.ts';
import { watchHints } from '../watch-hints.ts';
import { type LockTimes, withFileLock } from './file-lock.ts';
import { markOf, prepareKeyFolder, readKeyFile, type StoredKey, writeKeyFile } from './key-file.ts';
import type { KeyTicket } from './key-meter.ts';
import { hashOf, isSecretOf, keyIdOf, newKeyId, newSecret } from './key-secret.ts';
import { NO_USAGE } from './key-usage.ts';
import { LiveKey } from './live-key.ts';
import type { Principal } from './principal.ts';

export interface KeyServiceOptions {
  readonly path: string;
  readonly logger: Logger;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  readonly after?: Clock['after'];
  readonly lockTimes?: LockTimes;
  readonly pollMs?: number;
}

/** Counts of use are written so often at most. */
const SAVE_MS = 5000;
/** A key that another gateway over the same file has ended ends here so much later at most. */
const POLL_MS = 1000;
const MAX_KEYS = 10_000;

/**
 * The gateway's keys: hashed at rest, told once, counted, and limited.
 *
 * Other gateways may have the same file. It is what holds: each change is made under a lock to what it says at that moment,
 * own use is added to what stands there, and what others have written is taken over.
 */
export class KeyService {
  readonly #options: KeyServiceOptions;
  readonly #now: () => number;
  readonly #keys = new Map<string, LiveKey>();
  #error: string | undefined;
  /** Of the file as it was read or written last. */
  #mark: string | undefined;
  #watch: { close(): Promise<void> } | undefined;
  #cancelSave: (() => void) | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: KeyServiceOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Reads the file, now and whenever it changes; a broken one stays as it is, and nobody gets in by it. */
  async open(): Promise<void> {
    await this.refresh();
    this.#watch ??= watchHints({
      paths: [this.#options.path],
      depth: 0,
      pollMs: this.#options.pollMs ?? POLL_MS,
      onHint: () => void this.refresh(),
      onError: (error) => this.#options.logger.error({ err: error }, 'keys could not be watched'),
    });
  }

  /** Resolves when what others have written before this call is known. */
  refresh(): Promise<void> {
    return this.#inTurn(() => this.#look());
  }

  /** A broken file may hold keys: nobody is let in without one then either. */
  get isEmpty(): boolean {
    return this.#keys.size === 0 && this.#error === undefined;
  }

  /**
   * Whose key this is; undefined when it is none of ours.
   *
   * @throws GatewayError `key_expired`, `invalid_api_key` (disabled)
   */
  find(secret: string): Principal | undefined {
    const live = this.#keys.get(keyIdOf(secret) ?? '');
    if (live === undefined || !isSecretOf(secret, live.settings.hash)) return undefined;
    const { disabled, expiresAt } = live.settings;
    if (disabled) throw new GatewayError('invalid_api_key', 'This API key is switched off.');
    if (expiresAt !== undefined && Date.parse(expiresAt) <= this.#now())
      throw new GatewayError('key_expired', `This API key was valid until ${expiresAt}.`);
    return live.principal;
  }

  /**
   * Counts a request in before anything costly is done; the ticket is settled with what it really took.
   *
   * @throws GatewayError `rate_limited`, `insufficient_quota`
   */
  admit(principal: Principal, estimatedTokens: number): KeyTicket | undefined {
    const live = this.#keys.get(principal.id);
    if (live === undefined) return undefined;
    const ticket = live.meter.admit(estimatedTokens);
    this.#scheduleSave();
    return {
      headers: ticket.headers,
      settle: (used) => {
        ticket.settle(used);
        this.#scheduleSave();
      },
    };
  }

  list(): KeyList {
    return {
      keys: [...this.#keys.values()].map(({ view }) => view),
      ...(this.#error === undefined ? {} : { error: this.#error }),
    };
  }

  async create(settings: KeySettings): Promise<KeyCreated> {
    const id = newKeyId();
    const secret = newSecret(id);
    const createdAt = new Date(this.#now()).toISOString();
    await this.#change((keys) => {
      if (keys.size >= MAX_KEYS)
        throw new GatewayError('invalid_request', `There are ${MAX_KEYS} keys already.`);
      keys.set(id, { ...settings, id, createdAt, hash: hashOf(secret), usage: NO_USAGE });
    });
    this.#options.logger.info({ key: id, name: settings.name, scopes: settings.scopes }, 'key created');
    return { key: this.#require(id).view, secret };
  }

  async update(id: string, settings: KeySettings): Promise<KeyView> {
    await this.#change((keys) => {
      const { createdAt, hash, usage } = entryOf(keys, id);
      keys.set(id, { ...settings, id, createdAt, hash, usage });
    });
    this.#options.logger.info({ key: id, name: settings.name }, 'key changed');
    return this.#require(id).view;
  }

  /** A new secret for the same key; the old one ends at once. */
  async rotate(id: string): Promise<KeyCreated> {
    const secret = newSecret(id);
    await this.#change((keys) => keys.set(id, { ...entryOf(keys, id), hash: hashOf(secret) }));
    this.#options.logger.info({ key: id }, 'key rotated');
    return { key: this.#require(id).view, secret };
  }

  async remove(id: string): Promise<void> {
    await this.#change((keys) => keys.delete(entryOf(keys, id).id));
    this.#options.logger.info({ key: id }, 'key removed');
  }

  async dispose(): Promise<void> {
    await this.#watch?.close();
    this.#watch = undefined;
    await this.#turn;
    await this.#save();
  }

  #require(id: string): LiveKey {
    return entryOf(this.#keys, id);
  }

  #scheduleSave(): void {
    if (this.#watch === undefined) return;
    const after = this.#options.after ?? SYSTEM_CLOCK.after;
    this.#cancelSave ??= after(SAVE_MS, () => void this.#save());
  }

  async #save(): Promise<void> {
    this.#cancelSave?.();
    this.#cancelSave = undefined;
    if (![...this.#keys.values()].some(({ meter }) => meter.hasUnsaved)) return;
    await this.#change(() => undefined).catch((error: unknown) =>
      this.#options.logger.error({ err: error }, 'the use of keys could not be written'),
    );
  }

  /** Changes what the file says now, and adds what was used here since it was written last. */
  #change(change: (keys: Map<string, StoredKey>) => unknown): Promise<void> {
    const { lockTimes, path } = this.#options;
    const write = async (): Promise<void> => {
      await this.#look();
      // What cannot be read must not be overwritten.
      if (this.#error !== undefined)
        throw new GatewayError('invalid_request', this.#error, { hint: `Repair or remove ${path}.` });
      const saves = [...this.#keys].map(([id, live]) => ({ id, live, save: live.meter.beginSave() }));
      try {
        const keys = new Map(
          saves.map(({ id, live, save }) => [id, { ...live.settings, usage: save.usage }]),
        );
        change(keys);
        await writeKeyFile(path, [...keys.values()]);
        this.#adopt([...keys.values()]);
      } catch (error) {
        for (const { save } of saves) save.undo();
        throw error;
      }
      this.#mark = await markOf(path);
    };
    return this.#inTurn(async () => {
      await prepareKeyFolder(path);
      await withFileLock(path, write, lockTimes);
    });
  }

  /** Takes over what the file says, if it is another one than this gateway has read or written last. */
  async #look(): Promise<void> {
    const { logger, path } = this.#options;
    const mark = await markOf(path);
    if (mark !== undefined && mark === this.#mark) return;
    const reading = await readKeyFile(path);
    this.#mark = reading.kind === 'unreadable' ? undefined : mark;
    const error = 'reason' in reading ? reading.reason : undefined;
    if (error !== undefined && error !== this.#error) logger.error({ reason: error }, 'keys cannot be used');
    this.#error = error;
    // A file that is gone is no order to let everybody in: what is in use stays, and is written with the next change.
    if (reading.kind === 'ok') this.#adopt(reading.keys);
  }

  #adopt(stored: readonly StoredKey[]): void {
    const ids = new Set(stored.map(({ id }) => id));
    for (const id of this.#keys.keys()) if (!ids.has(id)) this.#keys.delete(id);
    for (const one of stored) {
      const live = this.#keys.get(one.id);
      if (live === undefined) this.#keys.set(one.id, new LiveKey(one, this.#now));
      else live.adopt(one);
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

function entryOf<T>(keys: ReadonlyMap<string, T>, id: string): T {
  const entry = keys.get(id);
  if (entry === undefined)
    throw new GatewayError('not_found', `There is no key ${id.slice(0, 40)}.`, { param: 'id' });
  return entry;
}
