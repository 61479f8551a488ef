import type { BackendConfig } from '../config/backend-schema.ts';
import type { GatewayConfig } from '../config/config-schema.ts';
import type { RoutingSettings } from '../config/routing-schema.ts';
import { GatewayError } from '../gateway-error.ts';
import type { Backend } from './backend.ts';
import { CircuitBreaker, type CircuitState, type Permit } from './routing/circuit-breaker.ts';
import { type BackendView, findCandidates } from './routing/find-candidates.ts';

export interface BackendPoolOptions {
  readonly create: (config: BackendConfig, settings: GatewayConfig) => Backend;
  readonly onError: (error: unknown) => void;
  /** Requests that a backend works on, for the choice among equals. */
  readonly inFlightOf?: (backend: string) => number;
  readonly onCircuit?: (backend: string, state: CircuitState) => void;
  /** Milliseconds, monotonic. */
  readonly now?: () => number;
  /** From 0 to 1. */
  readonly random?: () => number;
}

export interface Candidate {
  readonly backend: Backend;
  /** The backend's own name of the model; undefined: its default. */
  readonly model: string | undefined;
}

/** Who may answer a request, in order of preference; never empty. */
export interface Route {
  /** What the request is called in logs and lists. */
  readonly modelName: string;
  readonly candidates: readonly Candidate[];
}

interface Member {
  readonly key: string;
  readonly backend: Backend;
  /** A child process of our own is watched by its own rules. */
  readonly breaker: CircuitBreaker | undefined;
  weight: number;
  priority: number;
  /** What the configuration says of its models' calls of tools. */
  tools: boolean | undefined;
  users: number;
  retired: boolean;
  /** It has said itself that it takes nothing before; 0: never. */
  busyUntil: number;
}

const MAX_BUSY_MS = 60_000;

/** The configured backends, in order of preference. One that leaves the configuration works on until its last request ends. */
export class BackendPool {
  readonly #options: BackendPoolOptions;
  readonly #now: () => number;
  readonly #random: () => number;
  #members: Member[] = [];
  #aliases: GatewayConfig['models'] = {};

  constructor(options: BackendPoolOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#random = options.random ?? Math.random;
  }

  get backends(): readonly Backend[] {
    return this.#members.map(({ backend }) => backend);
  }

  /** Names that the configuration gives to models, for lists. */
  get aliases(): readonly string[] {
    return Object.keys(this.#aliases);
  }

  /** Starts what is new, keeps what is unchanged, retires the rest. */
  configure(settings: GatewayConfig): void {
    const before = this.#members;
    this.#aliases = settings.models;
    this.#members = settings.backends.map((config) => {
      const { priority, tools, weight } = config;
      const key = keyOf(config, settings);
      const kept = before.find((member) => member.key === key);
      const member = kept ?? this.#create(key, config, settings);
      member.weight = weight;
      member.priority = priority;
      member.tools = tools;
      kept?.backend.reconfigure?.(config);
      return member;
    });
    for (const member of before) if (!this.#members.includes(member)) this.#retire(member);
  }

  /** Finds who answers for a name: an alias, a backend, `backend/model`, a model id, or nothing for the default. */
  route(model: string | undefined): Route {
    if (this.#members.length === 0) {
      throw new GatewayError('no_backend', 'No model server is configured.', {
        hint: 'Choose a model file, or enter the address of an OpenAI-compatible server.',
      });
    }
    const candidates = this.candidatesOf(model);
    const [first] = candidates;
    if (first === undefined) throw this.#unknown(model ?? '');
    // The first is one that can answer, if any can; a model of our own that is not there says why.
    const { state } = first.backend;
    if (first.backend.kind === 'llama-cpp' && state.kind === 'unavailable')
      throw new GatewayError(state.code, state.message);
    return { modelName: first.model ?? first.backend.model?.id ?? 'default', candidates };
  }

  /** The candidates of a route, none where it would be refused. */
  candidatesOf(model: string | undefined): readonly Candidate[] {
    const found = findCandidates(model, this.#aliases, this.#members.map(this.#view), this.#random);
    return found.flatMap((one): Candidate[] => {
      const member = this.#members.find(({ backend }) => backend.name === one.backend);
      return member === undefined ? [] : [{ backend: member.backend, model: one.model }];
    });
  }

  toolsSetting(backend: Backend): boolean | undefined {
    return this.#memberOf(backend)?.tools;
  }

  /** Leave to ask a backend once; undefined while its circuit is open. */
  enter(backend: Backend): Permit | undefined {
    const breaker = this.#memberOf(backend)?.breaker;
    return breaker === undefined ? FREE : breaker.enter();
  }

  /** Undefined where nothing watches the backend's answers. */
  circuitOf(backend: Backend): { state: CircuitState; failuresInRow: number; retryInMs: number } | undefined {
    const breaker = this.#memberOf(backend)?.breaker;
    if (breaker === undefined) return undefined;
    const { failuresInRow, state } = breaker;
    const retryInMs = state.kind === 'open' ? Math.max(0, Math.ceil(state.until - this.#now())) : 0;
    return { state, failuresInRow, retryInMs };
  }

  /** The backend wants to be left alone for so long; others are preferred meanwhile. */
  noteBusy(backend: Backend, forMs: number): void {
    const member = this.#memberOf(backend);
    if (member !== undefined) member.busyUntil = this.#now() + Math.min(forMs, MAX_BUSY_MS);
  }

  /** The backend has been found in a state; one that is back is tried with the next request. */
  noteState(backend: Backend): void {
    if (backend.state.kind === 'ready') this.#memberOf(backend)?.breaker?.hint();
  }

  /** Counts a request on its backend, so that a retired backend outlives it. */
  hold(backend: Backend): () => void {
    const member = this.#memberOf(backend);
    if (member === undefined) return () => undefined;
    member.users += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      member.users -= 1;
      if (member.retired && member.users === 0) this.#dispose(member);
    };
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#members.map(({ backend }) => backend.dispose()));
    this.#members = [];
  }

  readonly #view = (member: Member): BackendView => {
    const { backend, priority, weight } = member;
    return {
      name: backend.name,
      models: backend.models,
      defaultModel: backend.model?.id,
      takesAnyModel: backend.takesAnyModel,
      priority,
      weight,
      inFlight: this.#members.length === 1 ? 0 : (this.#options.inFlightOf?.(backend.name) ?? 0),
      isUsable: this.#isUsable(member),
    };
  };

  #isUsable({ backend, breaker, busyUntil }: Member): boolean {
    if (breaker?.state.kind === 'open') return false;
    if (busyUntil !== 0 && busyUntil > this.#now()) return false;
    const { kind } = backend.state;
    // An upstream whose list has not come yet may answer all the same.
    return kind === 'ready' || kind === 'sleeping' || (kind === 'loading' && backend.kind === 'openai');
  }

  #create(key: string, config: BackendConfig, settings: GatewayConfig): Member {
    const backend = this.#options.create(config, settings);
    const { breaker } = settings.routing;
    return {
      key,
      backend,
      breaker: config.kind === 'openai' ? this.#breaker(config.name, breaker) : undefined,
      weight: config.weight,
      priority: config.priority,
      tools: config.tools,
      users: 0,
      retired: false,
      busyUntil: 0,
    };
  }

  #breaker(name: string, settings: RoutingSettings['breaker']): CircuitBreaker {
    return new CircuitBreaker({
      settings,
      now: this.#now,
      random: this.#random,
      onChange: (state) => this.#options.onCircuit?.(name, state),
    });
  }

  #unknown(model: string): GatewayError {
    const known = this.backends.flatMap((backend) => [backend.name, ...backend.models]);
    return new GatewayError('model_not_found', `There is no model "${model.slice(0, 120)}".`, {
      param: 'model',
      hint: `Available: ${[...new Set([...this.aliases, ...known])].slice(0, 20).join(', ')}; or leave the model out.`,
    });
  }

  #memberOf(backend: Backend): Member | undefined {
    return this.#members.find((one) => one.backend === backend);
  }

  #retire(member: Member): void {
    member.retired = true;
    if (member.users === 0) this.#dispose(member);
  }

  #dispose(member: Member): void {
    member.backend.dispose().catch(this.#options.onError);
  }
}

/** What a backend takes without a new start: a change must not cost it its connections or its loaded model. */
const LIVE_FIELDS = new Set([
  'priority',
  'weight',
  'tools',
  'idleUnloadSeconds',
  'loadWaitSeconds',
  'hangSeconds',
  'stallSeconds',
]);

/** Another text when the backend must be made anew. */
function keyOf(config: BackendConfig, { routing, timeouts }: GatewayConfig): string {
  const own = Object.entries(config).filter(([name]) => !LIVE_FIELDS.has(name));
  return JSON.stringify(config.kind === 'openai' ? [own, timeouts, routing.breaker] : own);
}

/** For backends without a circuit breaker. */
const NOTHING = (): void => undefined;
const FREE: Permit = { begin: NOTHING, succeed: NOTHING, fail: NOTHING, cancel: NOTHING };
