export interface BackoffSettings {
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
}

/** A random pause up to a bound that doubles with every attempt ("full jitter"): callers that failed together part. */
export function backoffDelay(attempt: number, settings: BackoffSettings, random: () => number): number {
  const bound = Math.min(settings.maxBackoffMs, settings.backoffMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(bound * random());
}

/**
 * What an answer says about when to come again, in ms: `retry-after-ms` (OpenAI's), else `Retry-After` in seconds or as
 * a date. Undefined when it says nothing that can be understood.
 */
export function retryAfterMs(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  now: () => number = Date.now,
): number | undefined {
  const exact = Number(first(headers['retry-after-ms']));
  if (Number.isFinite(exact) && exact >= 0) return Math.ceil(exact);
  const text = first(headers['retry-after'])?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d{1,9}(?:\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) || !/[a-z]{3}/i.test(text) ? undefined : Math.max(0, date - now());
}

function first(value: string | string[] | undefined): string | undefined {
  const text = Array.isArray(value) ? value[0] : value;
  return text === '' ? undefined : text;
}
