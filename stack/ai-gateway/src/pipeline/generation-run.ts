import type { ChatExtension } from '@skilldeck/agent-skills';
import type { BackendAnswer } from '../backends/backend.ts';
import type { Route } from '../backends/backend-pool.ts';
import type { CacheNote } from '../cache/answer-cache.ts';
import { isLastChunk } from '../dialects/answers/last-chunk.ts';
import type { Gateway } from '../gateway.ts';
import { GatewayError, toGatewayError } from '../gateway-error.ts';
import { ClientGone } from '../http/client-gone.ts';
import type { JsonObject } from '../json.ts';
import type { KeyTicket } from '../keys/key-meter.ts';
import type { Principal } from '../keys/principal.ts';
import { reportRequest } from '../observability/report-request.ts';
import type { Phase } from '../observability/request-report.ts';
import type { TraceContext } from '../observability/trace-context.ts';
import type { SkillSnapshot } from '../skills/skill-snapshot.ts';
import { type RequestSkills, skillsOfRequest } from '../skills/skills-of-request.ts';
import { toldSkills } from '../skills/told-skills.ts';
import { BackendCalls } from './backend-calls.ts';
import type { Admitted } from './execute.ts';
import type { CacheDirective, GenerationRequest, Priority } from './generation-request.ts';
import { estimatePromptTokens, promptText } from './prompt-text.ts';
import { SpentTokens, type Tokens } from './spent-tokens.ts';

export interface RunOptions {
  readonly requestId: string;
  readonly principal: Principal;
  readonly priority: Priority;
  readonly cache: CacheDirective;
  readonly trace: TraceContext | undefined;
  readonly request: GenerationRequest;
}

const MAX_LOGGED_CHARACTERS = 20_000;

/** One request from admission to its last log line. The skills it uses are pinned when it is made. */
export class GenerationRun {
  readonly options: RunOptions;
  /** With the skills applied. */
  readonly request: GenerationRequest;
  readonly #gateway: Gateway;
  readonly #snapshot: SkillSnapshot;
  readonly #skills: string[];
  readonly #applied: RequestSkills | undefined;
  readonly #startedAt = performance.now();
  readonly #release: (() => unknown)[] = [];
  #backend: string | undefined;
  #ticket: KeyTicket | undefined;
  #cache: CacheNote | undefined;
  #phase: Phase = 'queued';
  #queuedMs = 0;
  #attempts = 0;
  #overheadMs: number | undefined;
  #firstTokenMs: number | undefined;
  readonly #spent = new SpentTokens();

  constructor(gateway: Gateway, options: RunOptions) {
    if (gateway.isDraining) {
      throw new GatewayError('draining', 'The gateway is shutting down.', {
        hint: 'Try again when it is back.',
      });
    }
    this.options = options;
    this.#gateway = gateway;
    const { principal, request } = options;
    this.#snapshot = snapshotFor(gateway, principal, request);
    if (request.operation === 'chat') {
      const applied = skillsOfRequest(gateway, this.#snapshot, request, request.skills ?? principal.skills);
      this.request = { ...request, messages: applied.messages };
      this.#skills = applied.skills.map(({ name }) => name);
      this.#applied = applied;
    } else {
      this.request = request;
      this.#skills = [];
    }
  }

  get #byTool(): boolean {
    return this.#applied?.byTool === true;
  }

  get skills(): readonly string[] {
    return this.#skills;
  }

  /** What became of it at the cache, once it is open. */
  get cached(): CacheNote | undefined {
    return this.#cache;
  }

  get headers(): Record<string, string> {
    return {
      'x-skilldeck-request-id': this.options.requestId,
      'x-skilldeck-generation': String(this.#snapshot.generation),
      'x-skilldeck-skills': this.#skills.join(', '),
      ...(this.#backend === undefined ? {} : { 'x-skilldeck-backend': this.#backend }),
      ...(this.#attempts === 0 ? {} : { 'x-skilldeck-attempts': String(this.#attempts) }),
      ...(this.#cache === undefined ? {} : { 'x-cache': this.#cache.result }),
      ...(this.#cache?.key === undefined ? {} : { 'x-cache-key': this.#cache.key.slice(0, 32) }),
      ...(this.#cache?.age === undefined ? {} : { age: String(this.#cache.age) }),
      ...this.#ticket?.headers,
    };
  }

  /** Waits for a slot, then asks a backend. `finish` must follow, whatever happens. */
  async open(controller: AbortController): Promise<BackendAnswer> {
    const { request } = this;
    this.#release.push(this.#gateway.track(controller, this.options.requestId));
    this.#ticket = this.#gateway.keys.admit(this.options.principal, estimatePromptTokens(request));
    const route = this.#gateway.pool.route(request.model);
    this.#backend = route.candidates[0]?.backend.name;
    this.#logStart(route);
    if (this.#gateway.config.config.logPrompts) {
      const prompt = promptText(request).slice(0, MAX_LOGGED_CHARACTERS);
      this.#gateway.logger.info({ requestId: this.options.requestId, prompt }, 'prompt');
    }
    const calls = new BackendCalls({
      gateway: this.#gateway,
      run: this.options,
      request,
      route,
      applied: this.#applied,
      skills: this.#skills,
      admitted: (slot) => this.#noteSlot(slot),
      onFirstToken: () => this.#beginDecode(),
    });
    return this.#gateway.cache.answer({
      principal: this.options.principal.id,
      target: () => targetOf(route),
      request,
      skills: this.#byTool ? this.#snapshot.sha256 : undefined,
      directive: this.options.cache,
      signal: controller.signal,
      note: (note) => {
        this.#cache = note;
      },
      mayKeep: () => this.#attempts <= 1 || this.#backend === route.candidates[0]?.backend.name,
      call: (signal, shared) =>
        shared === undefined
          ? calls.forCaller(signal, (release) => this.#release.push(release))
          : calls.forAll(shared),
    });
  }

  #logStart({ modelName }: Route): void {
    const { logger } = this.#gateway;
    if (!logger.isLevelEnabled('debug')) return;
    const { requestId } = this.options;
    const { operation } = this.request;
    const { generation } = this.#snapshot;
    logger.debug(
      { requestId, operation, model: modelName, backend: this.#backend, skills: this.#skills, generation },
      'request started',
    );
  }

  #noteSlot({ attempt, backend, queuedMs }: Admitted): void {
    this.#attempts = attempt;
    this.#backend = backend;
    this.#queuedMs = queuedMs;
    this.#phase = 'prefill';
    this.#overheadMs ??= performance.now() - this.#startedAt - queuedMs;
  }

  /** Notes what a chunk tells and adds the `skilldeck` object where it belongs. */
  annotate(chunk: JsonObject, index: number): JsonObject {
    this.note(chunk);
    const isLast = isLastChunk(chunk);
    return index === 0 || isLast ? { ...chunk, skilldeck: this.#extension(isLast) } : chunk;
  }

  /** The same of a whole answer, which says nothing of when its first word was there. */
  annotateWhole(body: JsonObject): JsonObject {
    this.#phase = 'decode';
    this.#noteSkills(body);
    if (!this.#isKept) this.#spent.addWhole(body);
    return { ...body, skilldeck: this.#extension(true) };
  }

  /** Notes what a chunk tells. */
  note(chunk: JsonObject): void {
    this.#beginDecode();
    this.#noteSkills(chunk);
    if (!this.#isKept) this.#spent.addChunk(chunk);
  }

  /** Of an answer that another one has begun. */
  #noteSkills(part: JsonObject): void {
    if (!this.#byTool) return;
    for (const name of toldSkills(part)) if (!this.#skills.includes(name)) this.#skills.push(name);
  }

  #beginDecode(): void {
    this.#firstTokenMs ??= performance.now() - this.#startedAt;
    this.#phase = 'decode';
  }

  /** A kept answer costs no tokens. */
  get #isKept(): boolean {
    return this.#cache?.result === 'HIT';
  }

  /** Gives everything back, counts and logs. Answers with the error to send, if any can still be sent. */
  finish(failure?: unknown): GatewayError | undefined {
    for (const release of this.#release.splice(0).reverse()) release();
    const ms = performance.now() - this.#startedAt;
    const gone = failure instanceof ClientGone;
    const error = failure === undefined || gone ? undefined : toGatewayError(failure);
    const tokens = this.#tokens(error);
    this.#ticket?.settle(tokens);
    reportRequest(this.#gateway, {
      requestId: this.options.requestId,
      traceId: this.options.trace?.traceId,
      operation: this.request.operation,
      model: this.request.model,
      backend: this.#backend,
      principal: this.options.principal.id,
      skills: this.#skills,
      generation: this.#snapshot.generation,
      cache: this.#cache,
      attempts: this.#attempts,
      status: gone ? 499 : (error?.status ?? 200),
      error,
      cancelled: gone ? this.#phase : undefined,
      ms,
      queuedMs: this.#queuedMs,
      overheadMs: this.#overheadMs,
      firstTokenMs: this.#firstTokenMs,
      tokens,
    });
    return error;
  }

  /** Whoever leaves while a backend works has used it; one that refused has done no work. */
  #tokens(error: GatewayError | undefined): Tokens | undefined {
    const wasRead = error === undefined ? this.#phase !== 'queued' : this.#phase === 'decode';
    return this.#spent.total(wasRead && !this.#isKept ? estimatePromptTokens(this.request) : undefined);
  }

  #extension(withTimings: boolean): ChatExtension {
    const round = (ms: number): number => Math.round(ms * 10) / 10;
    return {
      requestId: this.options.requestId,
      generation: this.#snapshot.generation,
      skills: [...this.#skills],
      backend: this.#backend ?? '',
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
}

/** A conversation keeps the skills that it began with. */
function snapshotFor(gateway: Gateway, principal: Principal, request: GenerationRequest): SkillSnapshot {
  const live = gateway.skills.snapshot;
  if (request.operation !== 'chat' || request.conversation === undefined) return live;
  return gateway.pins.snapshotOf(principal.id, request.conversation, live);
}

/** Who may answer, whatever the order of preference is at the moment. */
function targetOf({ candidates }: Route): string {
  const targets = candidates.map(({ backend, model }) =>
    [backend.name, model ?? backend.model?.id ?? '', backend.digestOf(model) ?? ''].join('\n'),
  );
  return targets.sort().join('\n\n');
}
