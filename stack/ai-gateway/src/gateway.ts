import path from 'node:path';
import type { GatewayStatus } from '@skilldeck/agent-skills';
import { type AdmissionLimits, AdmissionQueue } from './admission/admission-queue.ts';
import type { Backend } from './backends/backend.ts';
import { BackendPool } from './backends/backend-pool.ts';
import { AnswerCache } from './cache/answer-cache.ts';
import { ReadyAnswers } from './cache/ready-answers.ts';
import type { BackendConfig } from './config/backend-schema.ts';
import type { GatewayConfig } from './config/config-schema.ts';
import type { ConfigService } from './config/config-service.ts';
import { UPSTREAM_NAME } from './config/resolve-config.ts';
import { KeyService } from './keys/key-service.ts';
import type { Logger } from './observability/logger.ts';
import { createMetrics, type Metrics } from './observability/metrics.ts';
import { RequestLog } from './observability/request-log.ts';
import { TrafficRecorder } from './observability/traffic.ts';
import { SecretStore } from './secret-store.ts';
import { ConversationPins } from './skills/conversation-pins.ts';
import { SkillService } from './skills/skill-service.ts';
import { TokenCounter } from './skills/token-counter.ts';

export const GATEWAY_VERSION = '0.1.0';

export interface GatewayOptions {
  readonly config: ConfigService;
  readonly logger: Logger;
  readonly createBackend: (config: BackendConfig, settings: GatewayConfig, gateway: Gateway) => Backend;
}

/** Everything that lives as long as the process: queue, backends, skills, secrets. Routes are glue over it. */
export class Gateway {
  readonly config: ConfigService;
  readonly logger: Logger;
  readonly queue: AdmissionQueue;
  readonly pool: BackendPool;
  readonly skills: SkillService;
  readonly keys: KeyService;
  readonly pins = new ConversationPins();
  readonly tokens = new TokenCounter();
  readonly cache: AnswerCache;
  readonly ready = new ReadyAnswers();
  readonly secrets = new SecretStore();
  readonly metrics: Metrics;
  readonly traffic: TrafficRecorder;
  readonly requests = new RequestLog();
  readonly #startedAt = performance.now();
  readonly #running = new Map<AbortController, string>();
  #draining = false;

  constructor(options: GatewayOptions) {
    const { config, logger } = options;
    this.config = config;
    this.logger = logger;
    this.queue = new AdmissionQueue(limitsOf(config.config));
    const upstreamKey = config.environment.UPSTREAM_API_KEY;
    if (upstreamKey !== undefined) this.secrets.set(UPSTREAM_NAME, upstreamKey);
    this.skills = new SkillService({
      root: config.config.skillsDir,
      onReload: ({ snapshot, changed, ms }) => {
        const errors = snapshot.diagnostics.filter(({ severity }) => severity === 'error');
        this.metrics.reloads.inc({ result: errors.length === 0 ? 'ok' : 'with_errors' });
        logger.info(
          {
            generation: snapshot.generation,
            changed,
            ms: Math.round(ms * 10) / 10,
            skills: snapshot.skills.length,
          },
          'skills reloaded',
        );
        for (const { directory, code, message, line } of errors)
          logger.warn({ directory, code, line, reason: message }, 'skill file refused');
      },
      onError: (error) => logger.error({ err: error }, 'skills could not be watched'),
    });
    this.keys = new KeyService({ path: path.join(config.config.dataDir, 'config', 'keys.json'), logger });
    this.cache = new AnswerCache({
      settings: config.config.cache,
      redisUrl: config.environment.REDIS_URL,
      onRedisState: (state, reason) => {
        if (state === 'up') logger.info('redis is there: answers are shared');
        else logger.warn({ reason }, 'redis is away: answers are kept in memory only');
      },
    });
    this.pool = new BackendPool({
      create: (backend, settings) => options.createBackend(backend, settings, this),
      onError: (error) => logger.error({ err: error }, 'backend did not end cleanly'),
      inFlightOf: (name) => this.queue.inFlightOf(name),
      onCircuit: (backend, { kind }) => logger.warn({ backend, circuit: kind }, 'backend circuit'),
    });
    this.traffic = new TrafficRecorder({
      inFlight: () => this.queue.inFlight,
      queueDepth: () => this.queue.depth,
    });
    this.metrics = createMetrics({
      inFlight: () => this.queue.inFlight,
      queueDepth: () => this.queue.depth,
      generation: () => this.skills.snapshot.generation,
      loadErrors: () =>
        this.skills.snapshot.diagnostics.filter(({ severity }) => severity === 'error').length,
      backends: () =>
        this.pool.backends.map(({ name, state }) => ({
          name,
          up: state.kind === 'ready' || state.kind === 'sleeping',
        })),
    });
  }

  /** Another text whenever the same request could be answered in another way: by settings, skills or models. */
  get epoch(): string {
    let epoch = `${this.config.version} ${this.skills.snapshot.sha256}`;
    for (const backend of this.pool.backends)
      epoch += ` ${backend.name}/${backend.model?.id}/${backend.digestOf(undefined)}/${backend.state.kind}`;
    return this.#draining ? `${epoch} draining` : epoch;
  }

  get isDraining(): boolean {
    return this.#draining;
  }

  async start(): Promise<void> {
    await this.keys.open();
    this.pool.configure(this.config.config);
    await this.skills.start();
    this.config.watch(
      (config) => {
        this.logger.level = config.logLevel;
        this.queue.setLimits(limitsOf(config));
        this.pool.configure(config);
        this.cache.configure(config.cache);
        this.logger.info({ path: config.path }, 'configuration reloaded');
      },
      (message) => this.logger.error({ reason: message }, 'configuration refused, the last good one stays'),
    );
  }

  /** Registers a request that shutdown must wait for, and abort when it takes too long. */
  track(controller: AbortController, requestId: string): () => void {
    this.#running.set(controller, requestId);
    return () => this.#running.delete(controller);
  }

  /** Ends a request in whatever phase it is; false when there is none of this id. */
  cancel(requestId: string, reason: Error): boolean {
    const found = [...this.#running].filter(([, id]) => id === requestId);
    for (const [controller] of found) controller.abort(reason);
    return found.length > 0;
  }

  /** Lets running requests end, for so long, then aborts them. New ones are refused from now on. */
  async drain(limitMs: number, reason: Error): Promise<void> {
    this.#draining = true;
    const deadline = performance.now() + limitMs;
    while (this.#running.size > 0 && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 20));
    for (const controller of this.#running.keys()) controller.abort(reason);
  }

  async dispose(): Promise<void> {
    await this.config.dispose();
    await this.skills.dispose();
    this.cache.dispose();
    await this.keys.dispose();
    await this.pool.dispose();
  }

  /** Whether requests can be answered now, and if not, why, in one sentence. */
  readiness(): { status: GatewayStatus['status']; message?: string; progress?: number } {
    if (this.#draining) return { status: 'draining', message: 'The gateway is shutting down.' };
    const states = this.pool.backends.map(({ state }) => state);
    if (states.some(({ kind }) => kind === 'ready' || kind === 'sleeping')) return { status: 'ready' };
    const first = states.find(({ kind }) => kind === 'loading') ?? states[0];
    if (first === undefined || first.kind === 'ready' || first.kind === 'sleeping') {
      const hint = 'Choose a model file, or enter the address of an OpenAI-compatible server.';
      return { status: 'unavailable', message: `No model server is configured. ${hint}` };
    }
    const progress = first.kind === 'loading' ? first.progress : undefined;
    return { status: first.kind, message: first.message, ...(progress === undefined ? {} : { progress }) };
  }

  status(): GatewayStatus {
    const { maxConcurrent, maxQueue } = this.queue.limits;
    return {
      ...this.readiness(),
      version: GATEWAY_VERSION,
      uptimeSeconds: Math.round((performance.now() - this.#startedAt) / 1000),
      generation: this.skills.snapshot.generation,
      inFlight: this.queue.inFlight,
      queueDepth: this.queue.depth,
      maxConcurrent,
      maxQueue,
      ...this.queue.snapshot(),
      backends: this.pool.backends.map((backend) => this.statusOf(backend)),
      cache: this.cache.status,
      config: { ...this.config.status, secrets: this.secrets.names() },
    };
  }

  statusOf(backend: Backend): GatewayStatus['backends'][number] {
    const { kind, model, models, name, state } = backend;
    const circuit = this.pool.circuitOf(backend);
    return {
      name,
      kind,
      state: state.kind,
      ...(state.kind === 'unavailable' ? { code: state.code } : {}),
      ...('message' in state ? { message: state.message } : {}),
      inFlight: this.queue.inFlightOf(name),
      ...(model === undefined ? {} : { model }),
      models: [...models],
      ...(circuit === undefined ? {} : { circuit: { ...circuit, state: circuit.state.kind } }),
      ...(backend.processStatus === undefined ? {} : { process: backend.processStatus }),
    };
  }
}

function limitsOf({ maxConcurrent, maxQueue, maxQueuedTokens, timeouts }: GatewayConfig): AdmissionLimits {
  return { maxConcurrent, maxQueue, maxQueuedTokens, queueTimeoutMs: timeouts.queueMs };
}
