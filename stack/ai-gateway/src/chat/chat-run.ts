import type { ChatExtension } from '@skilldeck/agent-skills';
import type { BackendChoice } from '../backends/backend-pool.ts';
import type { ChatAnswer, JsonObject } from '../backends/chat-backend.ts';
import { ClientGone } from '../client-gone.ts';
import { GatewayError, toGatewayError } from '../errors.ts';
import type { Gateway } from '../gateway.ts';
import type { Logger } from '../logger.ts';
import { applySkills } from '../skills/apply-skills.ts';
import type { SkillSnapshot } from '../skills/skill-snapshot.ts';
import type { ChatMessage, ChatRequest } from './chat-request.ts';

type Phase = 'queued' | 'prefill' | 'decode';

/** One chat completion from admission to its last log line. The skills it uses are pinned when it is made. */
export class ChatRun {
  readonly requestId: string;
  readonly #gateway: Gateway;
  readonly #request: ChatRequest;
  readonly #choice: BackendChoice;
  readonly #snapshot: SkillSnapshot;
  readonly #messages: readonly ChatMessage[];
  readonly #skills: readonly string[];
  readonly #log: Logger;
  readonly #startedAt = performance.now();
  readonly #release: (() => unknown)[] = [];
  #phase: Phase = 'queued';
  #queuedMs = 0;
  #firstTokenMs: number | undefined;
  #usage: { prompt: number; completion: number } | undefined;

  constructor(gateway: Gateway, requestId: string, request: ChatRequest) {
    if (gateway.isDraining) {
      throw new GatewayError('draining', 'The gateway is shutting down.', {
        hint: 'Try again when it is back.',
      });
    }
    this.requestId = requestId;
    this.#gateway = gateway;
    this.#request = request;
    this.#snapshot = gateway.skills.snapshot;
    const settings = gateway.config.config.skills;
    const applied = applySkills(
      this.#snapshot,
      request.skills ?? settings.default,
      request.messages,
      settings,
    );
    this.#messages = applied.messages;
    this.#skills = applied.names;
    this.#choice = gateway.pool.choose(request.model);
    this.#log = gateway.logger.child({ requestId });
  }

  get headers(): Record<string, string> {
    return {
      'x-skilldeck-request-id': this.requestId,
      'x-skilldeck-generation': String(this.#snapshot.generation),
      'x-skilldeck-skills': this.#skills.join(', '),
      'x-skilldeck-backend': this.#choice.backend.name,
    };
  }

  /** Waits for a slot, then asks the backend. `finish` must follow, whatever happens. */
  async open(controller: AbortController): Promise<ChatAnswer> {
    const { backend, model } = this.#choice;
    const { signal } = controller;
    const modelName = model ?? backend.model?.id ?? 'default';
    this.#log.info(
      {
        model: modelName,
        backend: backend.name,
        skills: this.#skills,
        generation: this.#snapshot.generation,
      },
      'chat completion started',
    );
    this.#release.push(this.#gateway.track(controller), this.#gateway.pool.hold(backend));
    const slot = await this.#gateway.queue.acquire({
      requestId: this.requestId,
      model: modelName,
      backend: backend.name,
      backendLimit: backend.concurrency,
      signal,
    });
    this.#release.push(slot.release);
    this.#queuedMs = slot.queuedMs;
    this.#gateway.metrics.queueWait.observe(slot.queuedMs / 1000);
    this.#phase = 'prefill';
    const { skills: _skills, messages: _messages, model: _model, stream, ...fields } = this.#request;
    return backend.chat({
      requestId: this.requestId,
      fields,
      messages: this.#messages,
      model,
      stream: stream === true,
      signal,
    });
  }

  /** Notes what a chunk or a body tells and adds the `skilldeck` object where it belongs. */
  annotate(part: JsonObject, index: number): JsonObject {
    this.#firstTokenMs ??= performance.now() - this.#startedAt;
    this.#phase = 'decode';
    this.#noteUsage(part.usage);
    const choices = Array.isArray(part.choices) ? (part.choices as { finish_reason?: unknown }[]) : [];
    const isLast =
      choices.length === 0 ||
      choices.some(({ finish_reason: reason }) => reason !== null && reason !== undefined);
    return index === 0 || isLast ? { ...part, skilldeck: this.#extension(isLast) } : part;
  }

  /** Gives everything back, counts and logs. Answers with the error to send, if any can still be sent. */
  finish(failure?: unknown): GatewayError | undefined {
    for (const release of this.#release.splice(0).reverse()) release();
    const ms = performance.now() - this.#startedAt;
    const gone = failure instanceof ClientGone;
    const error = failure === undefined || gone ? undefined : toGatewayError(failure);
    this.#measure(ms, gone ? 'client_closed' : error?.code);
    const status = gone ? 499 : (error?.status ?? 200);
    const fields = {
      model: this.#request.model ?? this.#choice.backend.model?.id,
      backend: this.#choice.backend.name,
      skills: this.#skills,
      generation: this.#snapshot.generation,
      status,
      ms: Math.round(ms),
      queuedMs: Math.round(this.#queuedMs),
      ...(this.#firstTokenMs === undefined ? {} : { firstTokenMs: Math.round(this.#firstTokenMs) }),
      ...(this.#usage === undefined ? {} : { tokens: this.#usage }),
    };
    if (error === undefined)
      this.#log.info(gone ? { ...fields, cancelled: this.#phase } : fields, 'chat completion finished');
    else
      this.#log.warn(
        {
          ...fields,
          code: error.code,
          reason: error.message,
          err: error.code === 'internal' ? error.cause : undefined,
        },
        'chat completion finished',
      );
    return error;
  }

  #extension(withTimings: boolean): ChatExtension {
    const round = (ms: number): number => Math.round(ms * 10) / 10;
    return {
      requestId: this.requestId,
      generation: this.#snapshot.generation,
      skills: [...this.#skills],
      backend: this.#choice.backend.name,
      ...(withTimings
        ? {
            timings: {
              queuedMs: round(this.#queuedMs),
              ...(this.#firstTokenMs === undefined ? {} : { firstTokenMs: round(this.#firstTokenMs) }),
              totalMs: round(performance.now() - this.#startedAt),
            },
          }
        : {}),
    };
  }

  #noteUsage(usage: unknown): void {
    if (typeof usage !== 'object' || usage === null) return;
    const { prompt_tokens: prompt, completion_tokens: completion } = usage as Record<string, unknown>;
    this.#usage = { prompt: Number(prompt) || 0, completion: Number(completion) || 0 };
  }

  #measure(ms: number, errorCode: string | undefined): void {
    const { metrics } = this.#gateway;
    const labels = { gen_ai_operation_name: 'chat', gen_ai_provider_name: this.#choice.backend.name };
    metrics.duration.observe({ ...labels, error_type: errorCode ?? '' }, ms / 1000);
    if (this.#firstTokenMs !== undefined) metrics.firstToken.observe(labels, this.#firstTokenMs / 1000);
    if (errorCode === 'client_closed') metrics.cancelled.inc({ phase: this.#phase });
    if (errorCode === 'queue_full' || errorCode === 'queue_timeout')
      metrics.rejected.inc({ reason: errorCode });
    if (this.#usage !== undefined) {
      metrics.tokens.observe({ ...labels, gen_ai_token_type: 'input' }, this.#usage.prompt);
      metrics.tokens.observe({ ...labels, gen_ai_token_type: 'output' }, this.#usage.completion);
    }
    if (errorCode === undefined) this.#skills.forEach(metrics.countActivation);
  }
}
