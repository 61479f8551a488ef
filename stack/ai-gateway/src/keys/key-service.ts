import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { KeyCreated, KeyList, KeySettings, KeyView } from '@skilldeck/agent-skills';
import { GatewayError } from '../gateway-error.ts';
import type { Logger } from '../observability/logger.ts';
import { readKeyFile, type StoredKey, writeKeyFile } from './key-file.ts';
import { KeyMeter, type KeyTicket } from './key-meter.ts';
import type { Principal } from './principal.ts';

export interface KeyServiceOptions {
  readonly path: string;
  readonly logger: Logger;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  readonly saveMs?: number;
}

/** Counts of use are written so often at most. */
const SAVE_MS = 5000;
const PREFIX = 'sk-sd-';
const MAX_KEYS = 10_000;

interface LiveKey {
  stored: StoredKey;
  principal: Principal;
  readonly meter: KeyMeter;
}

/** The gateway's keys: hashed at rest, told once, counted, and limited. */
export class KeyService {
  readonly #options: KeyServiceOptions;
  readonly #now: () => number;
  #keys = new Map<string, LiveKey>();
  #error: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(options: KeyServiceOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Reads the file; a broken one stays as it is, and nobody gets in by it. */
  async open(): Promise<void> {
    const reading = await readKeyFile(this.#options.path);
    if (reading.kind === 'broken') {
      this.#error = reading.reason;
      this.#options.logger.error({ reason: reading.reason }, 'keys cannot be used');
      return;
    }
    this.#keys = new Map(reading.keys.map((stored) => [stored.id, this.#live(stored)]));
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
    const id = /^sk-sd-([0-9a-f]{12})-/.exec(secret)?.[1];
    const live = id === undefined ? undefined : this.#keys.get(id);
    if (live === undefined || !isSame(hashOf(secret), live.stored.hash)) return undefined;
    const { disabled, expiresAt } = live.stored;
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
    return ticket;
  }

  list(): KeyList {
    return {
      keys: [...this.#keys.values()].map(toView),
      ...(this.#error === undefined ? {} : { error: this.#error }),
    };
  }

  async create(settings: KeySettings): Promise<KeyCreated> {
    this.#requireUsable();
    if (this.#keys.size >= MAX_KEYS)
      throw new GatewayError('invalid_request', `There are ${MAX_KEYS} keys already.`);
    const id = randomBytes(6).toString('hex');
    const secret = newSecret(id);
    const usage = { requests: 0, promptTokens: 0, completionTokens: 0, tokensToday: 0, tokensThisMonth: 0 };
    const createdAt = new Date(this.#now()).toISOString();
    const live = this.#live({
      ...settings,
      id,
      createdAt,
      hash: hashOf(secret),
      usage: { ...usage, day: '', month: '' },
    });
    this.#keys.set(id, live);
    await this.#save();
    this.#options.logger.info({ key: id, name: settings.name, scopes: settings.scopes }, 'key created');
    return { key: toView(live), secret };
  }

  async update(id: string, settings: KeySettings): Promise<KeyView> {
    const live = this.#require(id);
    const { createdAt, hash } = live.stored;
    const next = this.#live({ ...settings, id, createdAt, hash, usage: live.meter.usage });
    this.#keys.set(id, next);
    await this.#save();
    this.#options.logger.info({ key: id, name: settings.name }, 'key changed');
    return toView(next);
  }

  /** A new secret for the same key; the old one ends at once. */
  async rotate(id: string): Promise<KeyCreated> {
    const live = this.#require(id);
    const secret = newSecret(id);
    live.stored = { ...live.stored, hash: hashOf(secret) };
    await this.#save();
    this.#options.logger.info({ key: id }, 'key rotated');
    return { key: toView(live), secret };
  }

  async remove(id: string): Promise<void> {
    this.#require(id);
    this.#keys.delete(id);
    await this.#save();
    this.#options.logger.info({ key: id }, 'key removed');
  }

  async dispose(): Promise<void> {
    if (this.#timer !== undefined) await this.#save();
    await this.#saving;
  }

  #live(stored: StoredKey): LiveKey {
    const meter = new KeyMeter(stored.limits, stored.usage, this.#now);
    return { stored, principal: toPrincipal(stored), meter };
  }

  #require(id: string): LiveKey {
    this.#requireUsable();
    const live = this.#keys.get(id);
    if (live === undefined)
      throw new GatewayError('not_found', `There is no key ${id.slice(0, 40)}.`, { param: 'id' });
    return live;
  }

  /** What cannot be read must not be overwritten. */
  #requireUsable(): void {
    if (this.#error !== undefined)
      throw new GatewayError('invalid_request', this.#error, {
        hint: `Repair or remove ${this.#options.path}.`,
      });
  }

  #scheduleSave(): void {
    this.#timer ??= setTimeout(() => {
      this.#save().catch((error: unknown) =>
        this.#options.logger.error({ err: error }, 'the use of keys could not be written'),
      );
    }, this.#options.saveMs ?? SAVE_MS);
    this.#timer.unref();
  }

  #save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const write = () => {
      const keys = [...this.#keys.values()].map(({ meter, stored }) => ({ ...stored, usage: meter.usage }));
      return writeKeyFile(this.#options.path, keys);
    };
    const saved = this.#saving.then(write);
    this.#saving = saved.catch(() => undefined);
    return saved;
  }
}

function newSecret(id: string): string {
  return `${PREFIX}${id}-${randomBytes(32).toString('base64url')}`;
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function isSame(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function toPrincipal({ id, models, name, priority, scopes, skills, weight }: StoredKey): Principal {
  return { id, name, scopes: new Set(scopes), weight, priority, skills, models };
}

function toView({ meter, stored }: LiveKey): KeyView {
  const { hash: _hash, usage: _usage, ...settings } = stored;
  const { day: _day, month: _month, ...usage } = meter.usage;
  return { ...settings, usage };
}
