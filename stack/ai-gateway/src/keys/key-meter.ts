import type { KeySettings } from '@skilldeck/agent-skills';
import { GatewayError } from '../gateway-error.ts';
import type { StoredKey } from './key-file.ts';
import { RateWindow } from './rate-window.ts';

/** A request that was counted in. Settle it once, whatever became of it. */
export interface KeyTicket {
  /** Names as OpenAI has them. */
  readonly headers: Readonly<Record<string, string>>;
  settle(used: { readonly prompt: number; readonly completion: number } | undefined): void;
}

/** Counts the use of one key and holds it to its limits. */
export class KeyMeter {
  readonly #limits: KeySettings['limits'];
  readonly #now: () => number;
  readonly #requests: RateWindow | undefined;
  readonly #tokens: RateWindow | undefined;
  #usage: StoredKey['usage'];
  #underWay = 0;

  constructor(limits: KeySettings['limits'], usage: StoredKey['usage'], now: () => number) {
    this.#limits = limits;
    this.#now = now;
    this.#usage = usage;
    const { requestsPerMinute, tokensPerMinute } = limits;
    this.#requests = requestsPerMinute === undefined ? undefined : new RateWindow(requestsPerMinute, now());
    this.#tokens = tokensPerMinute === undefined ? undefined : new RateWindow(tokensPerMinute, now());
  }

  get usage(): StoredKey['usage'] {
    this.#turnPage();
    return this.#usage;
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
    this.#usage = {
      ...this.#usage,
      requests: this.#usage.requests + 1,
      lastUsedAt: new Date(now).toISOString(),
    };
    let isOpen = true;
    return {
      headers: this.#headers(now),
      settle: (used) => {
        if (!isOpen) return;
        isOpen = false;
        this.#underWay -= 1;
        const { completion = 0, prompt = 0 } = used ?? {};
        this.#tokens?.correct(prompt + completion - estimatedTokens);
        this.#turnPage();
        this.#usage = {
          ...this.#usage,
          promptTokens: this.#usage.promptTokens + prompt,
          completionTokens: this.#usage.completionTokens + completion,
          tokensToday: this.#usage.tokensToday + prompt + completion,
          tokensThisMonth: this.#usage.tokensThisMonth + prompt + completion,
        };
      },
    };
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
