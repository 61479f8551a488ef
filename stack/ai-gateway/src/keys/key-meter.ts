import type { KeySettings } from '@skilldeck/agent-skills';
import { GatewayError } from '../gateway-error.ts';
import { addUsage, NO_USAGE, type Usage } from './key-usage.ts';
import { RateWindow } from './rate-window.ts';

/** A request that was counted in. Settle it once, whatever became of it. */
export interface KeyTicket {
  /** Names as OpenAI has them. */
  readonly headers: Readonly<Record<string, string>>;
  settle(used: { readonly prompt: number; readonly completion: number } | undefined): void;
}

/** Counts the use of one key and holds it to its limits. */
export class KeyMeter {
  readonly #now: () => number;
  #limits: KeySettings['limits'] = {};
  #requests: RateWindow | undefined;
  #tokens: RateWindow | undefined;
  /** Of all gateways, as far as it is known here. */
  #usage: Usage;
  /** The part of it that is in no file yet. */
  #unsaved = NO_USAGE;
  #underWay = 0;

  constructor(limits: KeySettings['limits'], usage: Usage, now: () => number) {
    this.#now = now;
    this.#usage = usage;
    this.setLimits(limits);
  }

  get usage(): Usage {
    this.#turnPage();
    return this.#usage;
  }

  get hasUnsaved(): boolean {
    return this.#unsaved !== NO_USAGE;
  }

  /** From now on; what was used of a minute, and what is under way, stays used. */
  setLimits(limits: KeySettings['limits']): void {
    const now = this.#now();
    this.#limits = limits;
    this.#requests = windowOf(this.#requests, limits.requestsPerMinute, now);
    this.#tokens = windowOf(this.#tokens, limits.tokensPerMinute, now);
  }

  /** What the file says is what all gateways have saved; what is not in it yet comes on top. */
  adopt(stored: Usage): void {
    this.#usage = addUsage(stored, this.#unsaved);
  }

  /** What the file is to say; `undo` when it could not be written. */
  beginSave(): { readonly usage: Usage; readonly undo: () => void } {
    const saving = this.#unsaved;
    this.#unsaved = NO_USAGE;
    const undo = (): void => {
      if (saving !== NO_USAGE) this.#unsaved = addUsage(saving, this.#unsaved);
    };
    return { usage: this.usage, undo };
  }

  /** @throws GatewayError `rate_limited`, `insufficient_quota` */
  admit(estimatedTokens: number): KeyTicket {
    this.#turnPage();
    const now = this.#now();
    const { concurrent, tokensPerDay, tokensPerMonth } = this.#limits;
    const { tokensThisMonth, tokensToday } = this.#usage;
    if (tokensPerDay !== undefined && tokensToday >= tokensPerDay)
      throw quota(`The ${tokensPerDay} tokens of today are used up.`, msToNextDay(now));
    if (tokensPerMonth !== undefined && tokensThisMonth >= tokensPerMonth)
      throw quota(`The ${tokensPerMonth} tokens of this month are used up.`, msToNextMonth(now));
    if (concurrent !== undefined && this.#underWay >= concurrent)
      throw limited(`This key has ${concurrent} requests under way, which is all that it may have.`, 1000);
    if (this.#tokens?.take(estimatedTokens, now) === false) {
      const { limit, resetMs } = this.#tokens.state(now, estimatedTokens);
      throw limited(`This key may use ${limit} tokens a minute.`, resetMs);
    }
    if (this.#requests?.take(1, now) === false) {
      this.#tokens?.correct(-estimatedTokens);
      const { limit, resetMs } = this.#requests.state(now);
      throw limited(`This key may make ${limit} requests a minute.`, resetMs);
    }
    this.#underWay += 1;
    this.#count({ requests: 1, lastUsedAt: new Date(now).toISOString() });
    let isOpen = true;
    return {
      headers: this.#headers(now),
      settle: (used) => {
        if (!isOpen) return;
        isOpen = false;
        this.#underWay -= 1;
        const { completion = 0, prompt = 0 } = used ?? {};
        const tokens = prompt + completion;
        this.#tokens?.correct(tokens - estimatedTokens);
        if (tokens === 0) return;
        this.#count({
          promptTokens: prompt,
          completionTokens: completion,
          tokensToday: tokens,
          tokensThisMonth: tokens,
        });
      },
    };
  }

  #count(used: Partial<Usage>): void {
    this.#turnPage();
    const { day, month } = this.#usage;
    const more = { ...NO_USAGE, day, month, ...used };
    this.#usage = addUsage(this.#usage, more);
    this.#unsaved = addUsage(this.#unsaved, more);
  }

  #headers(now: number): Record<string, string> {
    return {
      ...rateHeaders('requests', this.#requests, now),
      ...rateHeaders('tokens', this.#tokens, now),
    };
  }

  /** Budgets begin anew with the UTC day and month. */
  #turnPage(): void {
    const today = new Date(this.#now()).toISOString();
    const [day, month] = [today.slice(0, 10), today.slice(0, 7)];
    if (this.#usage.day === day) return;
    this.#usage = {
      ...this.#usage,
      day,
      month,
      tokensToday: 0,
      ...(this.#usage.month === month ? {} : { tokensThisMonth: 0 }),
    };
  }
}

function windowOf(
  before: RateWindow | undefined,
  limit: number | undefined,
  now: number,
): RateWindow | undefined {
  if (limit === undefined) return undefined;
  if (before === undefined) return new RateWindow(limit, now);
  before.setLimit(limit, now);
  return before;
}

function rateHeaders(of: string, window: RateWindow | undefined, now: number): Record<string, string> {
  if (window === undefined) return {};
  const { left, limit } = window.state(now);
  const { resetMs } = window.state(now, limit);
  return {
    [`x-ratelimit-limit-${of}`]: String(limit),
    [`x-ratelimit-remaining-${of}`]: String(left),
    [`x-ratelimit-reset-${of}`]: `${resetMs}ms`,
  };
}

function limited(sentence: string, waitMs: number): GatewayError {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new GatewayError('rate_limited', sentence, {
    hint: `Try again in ${retryAfterSeconds} s.`,
    retryAfterSeconds,
  });
}

function quota(sentence: string, waitMs: number): GatewayError {
  return new GatewayError('insufficient_quota', sentence, { retryAfterSeconds: Math.ceil(waitMs / 1000) });
}

function msToNextDay(now: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 1) - now;
}

function msToNextMonth(now: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) - now;
}
