import type { RequestEntry } from '@skilldeck/agent-skills';
import type { RequestReport } from './request-report.ts';

const KEPT = 500;
const MAX_MESSAGE = 500;

/** The last requests, in memory, without their words. */
export class RequestLog {
  readonly #reports: { readonly report: RequestReport; readonly at: number }[] = [];
  #next = 0;

  add(report: RequestReport, at: number = Date.now()): void {
    this.#reports[this.#next] = { report, at };
    this.#next = (this.#next + 1) % KEPT;
  }

  /** Newest first. */
  list(limit: number): RequestEntry[] {
    const { length } = this.#reports;
    const entries: RequestEntry[] = [];
    for (let back = 1; back <= Math.min(limit, length); back += 1) {
      const kept = this.#reports[(this.#next - back + length) % length];
      if (kept !== undefined) entries.push(toEntry(kept.report, kept.at));
    }
    return entries;
  }
}

function toEntry(report: RequestReport, at: number): RequestEntry {
  const { backend, cache, cancelled, error, firstTokenMs, model, tokens } = report;
  return {
    requestId: report.requestId,
    endedAt: new Date(at).toISOString(),
    operation: report.operation,
    principal: report.principal,
    status: report.status,
    skills: [...report.skills],
    generation: report.generation,
    attempts: report.attempts,
    ms: rounded(report.ms),
    queuedMs: rounded(report.queuedMs),
    ...(model === undefined ? {} : { model }),
    ...(backend === undefined ? {} : { backend }),
    ...(error === undefined ? {} : { code: error.code, message: error.message.slice(0, MAX_MESSAGE) }),
    ...(cancelled === undefined ? {} : { cancelled }),
    ...(cache === undefined ? {} : { cache: cache.result }),
    ...(firstTokenMs === undefined ? {} : { firstTokenMs: rounded(firstTokenMs) }),
    ...(tokens === undefined ? {} : { tokensIn: tokens.prompt, tokensOut: tokens.completion }),
  };
}

const rounded = (ms: number): number => Math.round(ms * 10) / 10;
