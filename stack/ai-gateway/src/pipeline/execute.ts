import { estimateTokens } from '@skilldeck/agent-skills';
import { askBackend, type BackendAnswer } from '../backends/backend.ts';
import type { Route } from '../backends/backend-pool.ts';
import type { Gateway } from '../gateway.ts';
import { GatewayError } from '../gateway-error.ts';
import type { GenerationRequest } from './generation-request.ts';
import type { RunOptions } from './generation-run.ts';

export interface Execution extends Omit<RunOptions, 'request'> {
  readonly request: GenerationRequest;
  readonly route: Route;
  readonly signal: AbortSignal;
  readonly admitted: (slot: { readonly backend: string; readonly queuedMs: number }) => void;
  /** Takes what must be given back when the answer has ended. */
  readonly hold: (release: () => unknown) => void;
}

/** Waits for a slot of one of the route's backends and asks it. Retries only before the first byte. */
export async function execute(gateway: Gateway, execution: Execution): Promise<BackendAnswer> {
  const { principal, priority, request, requestId, route, signal, traceparent } = execution;
  const slot = await gateway.queue.acquire({
    requestId,
    principal,
    priority,
    model: route.modelName,
    backends: route.candidates.map(({ backend }) => ({ name: backend.name, limit: backend.concurrency })),
    promptTokens: estimateTokens(promptText(request)),
    signal,
  });
  execution.hold(slot.release);
  execution.admitted(slot);
  gateway.metrics.queueWait.observe(slot.queuedMs / 1000);
  const candidate = route.candidates.find(({ backend }) => backend.name === slot.backend);
  if (candidate === undefined) throw new GatewayError('no_backend', `The backend ${slot.backend} is gone.`);
  execution.hold(gateway.pool.hold(candidate.backend));
  const call = { requestId, request: { ...request, model: candidate.model }, traceparent, signal };
  return askBackend(candidate.backend, call);
}

function promptText(request: GenerationRequest): string {
  switch (request.operation) {
    case 'chat':
      return request.messages.map(({ content }) => (typeof content === 'string' ? content : '')).join('\n');
    case 'text_completion':
      return typeof request.prompt === 'string' ? request.prompt : '';
    case 'embeddings':
      return typeof request.input === 'string' ? request.input : '';
  }
}
