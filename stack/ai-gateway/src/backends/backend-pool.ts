import type { BackendConfig, GatewayConfig } from '../config/config-schema.ts';
import { GatewayError } from '../gateway-error.ts';
import type { Backend } from './backend.ts';

export interface BackendPoolOptions {
  readonly create: (config: BackendConfig, settings: GatewayConfig) => Backend;
  readonly onError: (error: unknown) => void;
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
  users: number;
  retired: boolean;
}

const DEFAULT_MODELS = new Set(['', 'auto', 'default', 'skilldeck']);

/** The configured backends, in order of preference. One that leaves the configuration works on until its last request ends. */
export class BackendPool {
  readonly #options: BackendPoolOptions;
  #members: Member[] = [];

  constructor(options: BackendPoolOptions) {
    this.#options = options;
  }

  get backends(): readonly Backend[] {
    return this.#members.map(({ backend }) => backend);
  }

  /** Starts what is new, keeps what is unchanged, retires the rest. */
  configure(settings: GatewayConfig): void {
    const before = this.#members;
    this.#members = settings.backends.map((config) => {
      const key = JSON.stringify([config, settings.timeouts]);
      return (
        before.find((member) => member.key === key) ?? {
          key,
          backend: this.#options.create(config, settings),
          users: 0,
          retired: false,
        }
      );
    });
    for (const member of before) if (!this.#members.includes(member)) this.#retire(member);
  }

  /** Finds who answers for a model name: a backend's name, `backend/model`, a model id, or nothing for the default. */
  route(model: string | undefined): Route {
    const backends = this.backends;
    if (backends.length === 0) {
      throw new GatewayError('no_backend', 'No model server is configured.', {
        hint: 'Choose a model file, or enter the address of an OpenAI-compatible server.',
      });
    }
    const choice = DEFAULT_MODELS.has(model ?? '') ? this.#default() : this.#named(model ?? '');
    if (choice === undefined) {
      const known = backends.flatMap((backend) => [backend.name, ...backend.models]);
      throw new GatewayError('model_not_found', `There is no model "${(model ?? '').slice(0, 120)}".`, {
        param: 'model',
        hint: `Available: ${[...new Set(known)].slice(0, 20).join(', ')}; or leave the model out.`,
      });
    }
    const { state } = choice.backend;
    if (state.kind === 'loading' && choice.backend.kind === 'llama-cpp')
      throw new GatewayError('model_loading', state.message);
    if (state.kind === 'unavailable' && choice.backend.kind === 'llama-cpp')
      throw new GatewayError(state.code, state.message);
    return {
      modelName: choice.model ?? choice.backend.model?.id ?? 'default',
      candidates: [choice],
    };
  }

  /** Counts a request on its backend, so that a retired backend outlives it. */
  hold(backend: Backend): () => void {
    const member = this.#members.find((one) => one.backend === backend);
    if (member === undefined) return () => undefined;
    member.users += 1;
    return () => {
      member.users -= 1;
      if (member.retired && member.users === 0) this.#dispose(member);
    };
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#members.map(({ backend }) => backend.dispose()));
    this.#members = [];
  }

  #default(): Candidate | undefined {
    const backend = this.backends.find(({ state }) => state.kind === 'ready') ?? this.backends[0];
    return backend && { backend, model: undefined };
  }

  #named(model: string): Candidate | undefined {
    const named = this.backends.find(({ name }) => name === model);
    if (named !== undefined) return { backend: named, model: undefined };
    const slash = model.indexOf('/');
    const prefixed = slash > 0 ? this.backends.find(({ name }) => name === model.slice(0, slash)) : undefined;
    if (prefixed !== undefined) return { backend: prefixed, model: model.slice(slash + 1) };
    const backend =
      this.backends.find(({ models }) => models.includes(model)) ??
      this.backends.find(({ takesAnyModel }) => takesAnyModel);
    return backend && { backend, model };
  }

  #retire(member: Member): void {
    member.retired = true;
    if (member.users === 0) this.#dispose(member);
  }

  #dispose(member: Member): void {
    member.backend.dispose().catch(this.#options.onError);
  }
}
