import { afterTurnEnd } from '../http/turn-end.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import type { RequestLog } from './request-log.ts';
import type { RequestReport } from './request-report.ts';
import type { TrafficRecorder } from './traffic.ts';

export interface ReportTargets {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly traffic: TrafficRecorder;
  readonly requests: RequestLog;
}

/** Tells everybody of a request that has ended, once the answers of this turn of the event loop have left. */
export function reportRequest(
  { logger, metrics, requests, traffic }: ReportTargets,
  report: RequestReport,
): void {
  afterTurnEnd(() => {
    traffic.add(report);
    requests.add(report);
    measure(metrics, report);
    log(logger, report);
  });
}

function log(logger: Logger, report: RequestReport): void {
  const { cancelled, error, firstTokenMs, tokens } = report;
  const fields = {
    requestId: report.requestId,
    ...(report.traceId === undefined ? {} : { traceId: report.traceId }),
    operation: report.operation,
    model: report.model,
    backend: report.backend,
    key: report.principal,
    skills: report.skills,
    generation: report.generation,
    cache: report.cache?.result,
    status: report.status,
    ms: Math.round(report.ms),
    queuedMs: Math.round(report.queuedMs),
    attempts: report.attempts,
    ...(firstTokenMs === undefined ? {} : { firstTokenMs: Math.round(firstTokenMs) }),
    ...(tokens === undefined ? {} : { tokens }),
    ...(cancelled === undefined ? {} : { cancelled }),
  };
  if (error === undefined) {
    logger.info(fields, 'request finished');
    return;
  }
  const err = error.code === 'internal' ? { err: error.cause } : {};
  logger.warn({ ...fields, code: error.code, reason: error.message, ...err }, 'request finished');
}

function measure(metrics: Metrics, report: RequestReport): void {
  const { cancelled, error, firstTokenMs, ms, skills, tokens } = report;
  const labels = {
    gen_ai_operation_name: report.operation,
    gen_ai_provider_name: report.backend ?? 'none',
  };
  const errorType = cancelled === undefined ? (error?.code ?? '') : 'client_closed';
  if (report.cache !== undefined)
    metrics.cache.inc({ result: report.cache.result.toLowerCase(), tier: report.cache.tier ?? '' });
  if (report.attempts > 0) metrics.queueWait.observe(report.queuedMs / 1000);
  metrics.duration.observe({ ...labels, error_type: errorType }, ms / 1000);
  if (report.overheadMs !== undefined) metrics.overhead.observe(report.overheadMs / 1000);
  // A kept answer has no first token: nobody computed one.
  if (firstTokenMs !== undefined && report.cache?.result !== 'HIT')
    metrics.firstToken.observe(labels, firstTokenMs / 1000);
  if (cancelled !== undefined) metrics.cancelled.inc({ phase: cancelled });
  if (report.status === 429 || report.status === 503) metrics.rejected.inc({ reason: errorType });
  if (tokens !== undefined) {
    metrics.tokens.observe({ ...labels, gen_ai_token_type: 'input' }, tokens.prompt);
    metrics.tokens.observe({ ...labels, gen_ai_token_type: 'output' }, tokens.completion);
    const afterFirst = firstTokenMs === undefined ? Number.NaN : ms - firstTokenMs;
    if (tokens.completion > 1 && afterFirst > 0)
      metrics.perToken.observe(labels, afterFirst / 1000 / (tokens.completion - 1));
  }
  if (errorType === '') skills.forEach(metrics.countActivation);
}
