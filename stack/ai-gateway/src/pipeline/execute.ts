import { askBackend, type BackendAnswer } from '../backends/backend.ts';
import type { Candidate, Route } from '../backends/backend-pool.ts';
import { verdictOf } from '../backends/routing/backend-failure.ts';
import type { Permit } from '../backends/routing/circuit-breaker.ts';
import { nextStep } from '../backends/routing/next-step.ts';
import type { Gateway } from '../gateway.ts';
import { GatewayError } from '../gateway-error.ts';
import type { GenerationRequest } from './generation-request.ts';
import type { RunOptions } from './generation-run.ts';
import { estimatePromptTokens } from './prompt-text.ts';

export interface Execution extends Omit<RunOptions, 'request'> {
  readonly request: GenerationRequest;
  /** The request as a candidate gets it, where they get different ones. */
  readonly requestFor?: ((candidate: Candidate) => GenerationRequest) | undefined;
  readonly route: Route;
  readonly signal: AbortSignal;
  readonly admitted: (slot: Admitted) => void;
  readonly onFirstToken: () => void;
  /** Takes what must be given back when the answer has ended. */
  readonly hold: (release: () => unknown) => void;
}

export interface Admitted {
  readonly backend: string;
  /** In this attempt and those before it. */
  readonly queuedMs: number;
  /** 1 for the first. */
  readonly attempt: number;
}

interface Attempt {
  readonly candidate: Candidate;
  readonly permit: Permit;
  /** Gives slot and backend back. */
  readonly leave: () => void;
}

/**
 * Waits for a slot of one of the route's backends and asks it. What fails before the first byte of an answer is tried
 * again, elsewhere or after a pause, as far as the settings and the time allow.
 */
export async function execute(gateway: Gateway, execution: Execution): Promise<BackendAnswer> {
  const { request, requestId, route, signal, trace } = execution;
  const { routing, timeouts } = gateway.config.config;
  const startedAt = performance.now();
  const limitMs = timeouts.requestMs === 0 ? Number.POSITIVE_INFINITY : timeouts.requestMs;
  const tried = new Set<Candidate>();
  const promptTokens = estimatePromptTokens(request);
  let queuedMs = 0;
  for (let attempt = 1; ; attempt += 1) {
    const untried = route.candidates.filter((one) => !tried.has(one));
    const { candidate, leave, permit } = await begin(
      gateway,
      execution,
      untried.length > 0 ? untried : route.candidates,
      { promptTokens, isAgain: attempt > 1 },
      (slot) => {
        queuedMs += slot.queuedMs;
        execution.admitted({ backend: slot.backend, queuedMs, attempt });
      },
    );
    tried.add(candidate);
    try {
      const answer = await askBackend(candidate.backend, {
        requestId,
        request: { ...(execution.requestFor?.(candidate) ?? request), model: candidate.model },
        trace,
        signal,
        onFailure: permit.fail,
        onFirstToken: execution.onFirstToken,
      });
      if (answer.kind === 'whole') permit.succeed();
      else {
        permit.begin();
        // A stream has succeeded when it has ended and nothing else was said.
        execution.hold(permit.succeed);
      }
      return answer;
    } catch (error) {
      leave();
      const verdict = verdictOf(error);
      const isIdleClosed = verdict.retry === 'at-once' && attempt === 1;
      if (signal.aborted || !verdict.isBackendsFault || isIdleClosed) permit.cancel();
      else permit.fail();
      signal.throwIfAborted();
      if (verdict.retryAfterMs !== undefined) gateway.pool.noteBusy(candidate.backend, verdict.retryAfterMs);
      const failed = {
        attempt,
        verdict,
        untried: route.candidates.length - tried.size,
        candidates: route.candidates.length,
        remainingMs: limitMs - (performance.now() - startedAt),
      };
      const next = nextStep(failed, routing, Math.random);
      if (next.kind === 'give-up') throw error;
      gateway.logger.warn(
        { requestId, backend: candidate.backend.name, attempt, reason: (error as Error).message },
        'attempt failed, another follows',
      );
      if (next.kind === 'again') {
        if (verdict.retry === 'at-once') tried.delete(candidate);
        else tried.clear();
        await pause(next.delayMs, signal);
      }
    }
  }
}

/** Waits for a slot of one of these candidates whose circuit is not open. */
async function begin(
  gateway: Gateway,
  execution: Execution,
  candidates: readonly Candidate[],
  wish: { readonly promptTokens: number; readonly isAgain: boolean },
  admitted: (slot: { readonly backend: string; readonly queuedMs: number }) => void,
): Promise<Attempt> {
  const { principal, priority, requestId, route, signal } = execution;
  const { pool, queue } = gateway;
  // While a request waits, circuits open and close; as many looks as there are candidates are enough.
  for (let look = 0; look <= candidates.length; look += 1) {
    const allowed = candidates.filter(({ backend }) => pool.circuitOf(backend)?.state.kind !== 'open');
    if (allowed.length === 0) break;
    const slot = await queue.acquire({
      requestId,
      principal,
      priority,
      model: route.modelName,
      backends: allowed.map(({ backend }) => ({ name: backend.name, limit: backend.concurrency })),
      ...wish,
      signal,
    });
    const candidate = allowed.find(({ backend }) => backend.name === slot.backend);
    const permit = candidate && pool.enter(candidate.backend);
    if (candidate === undefined || permit === undefined) {
      slot.release();
      // Another request is trying whether it is well again; this one looks for somebody else.
      candidates = candidates.filter((one) => one !== candidate);
      continue;
    }
    const unhold = pool.hold(candidate.backend);
    execution.hold(slot.release);
    execution.hold(unhold);
    admitted(slot);
    return {
      candidate,
      permit,
      leave: () => {
        slot.release();
        unhold();
      },
    };
  }
  throw circuitOpen(gateway, route);
}

function circuitOpen({ pool }: Gateway, { candidates }: Route): GatewayError {
  const waits = candidates.map(({ backend }) => pool.circuitOf(backend)?.retryInMs ?? 0);
  const names = candidates.map(({ backend }) => backend.name).join(', ');
  return new GatewayError('circuit_open', `${names} failed too often and is left alone for a while.`, {
    hint: 'The log and /admin/status tell why.',
    retryAfterSeconds: Math.max(1, Math.ceil(Math.min(...waits) / 1000)),
  });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const handleAbort = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', handleAbort);
      resolve();
    }, ms);
    signal.addEventListener('abort', handleAbort, { once: true });
  });
}
