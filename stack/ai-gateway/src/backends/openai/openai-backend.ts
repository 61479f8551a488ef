import { readFileSync } from 'node:fs';
import type { GatewayModel } from '@skilldeck/agent-skills';
import type { OpenAiBackendConfig } from '../../config/backend-schema.ts';
import { GatewayError } from '../../gateway-error.ts';
import type { JsonObject } from '../../json.ts';
import type {
  ChatGeneration,
  EmbeddingGeneration,
  TextGeneration,
} from '../../pipeline/generation-request.ts';
import type { Backend, BackendAnswer, BackendCall, BackendState } from '../backend.ts';
import { BackendFailure } from '../routing/backend-failure.ts';
import { countAtUpstream } from './count-tokens.ts';
import type { UpstreamFlavour, UpstreamModel } from './model-list.ts';
import { readAnswer } from './read-answer.ts';
import { UpstreamClient } from './upstream-client.ts';
import { toUpstreamError, upstreamStatus } from './upstream-errors.ts';
import { readStart, type UpstreamExchange } from './upstream-exchange.ts';
import { UpstreamWatch } from './upstream-watch.ts';

export interface OpenAiBackendOptions {
  readonly config: OpenAiBackendConfig;
  readonly timeouts: { readonly connectMs: number; readonly firstByteMs: number; readonly idleMs: number };
  readonly secret: (name: string) => string | undefined;
  readonly onState: () => void;
  readonly random?: () => number;
}

const MAX_ERROR_BYTES = 64 * 1024;

/** Any server that speaks the OpenAI wire format: Ollama, vLLM, llama-server, LM Studio, a cloud. */
export class OpenAiBackend implements Backend {
  readonly kind = 'openai';
  readonly name: string;
  readonly takesAnyModel = true;
  readonly concurrency: number;
  readonly #options: OpenAiBackendOptions;
  /** Undefined when the configuration does not allow one. */
  readonly #client: UpstreamClient | undefined;
  readonly #watch: UpstreamWatch | undefined;
  #state: BackendState;
  #flavour: UpstreamFlavour = 'other';
  #known = new Map<string, UpstreamModel>();
  #models: readonly string[] = [];

  constructor(options: OpenAiBackendOptions) {
    const { config, random = Math.random, timeouts } = options;
    this.#options = options;
    this.name = config.name;
    this.concurrency = config.maxConcurrent ?? Number.POSITIVE_INFINITY;
    this.#state = { kind: 'loading', message: `Asking ${config.baseUrl} which models it has.` };
    try {
      const { allowLinkLocal, baseUrl, tls } = config;
      const extraCa = tls.caFile === undefined ? undefined : readFileSync(tls.caFile, 'utf8');
      this.#client = new UpstreamClient({ baseUrl, timeouts, extraCa, allowLinkLocal });
    } catch (error) {
      const failure = this.#misconfigured(error);
      this.#state = { kind: 'unavailable', code: failure.code, message: failure.message };
      queueMicrotask(options.onState);
      return;
    }
    this.#watch = new UpstreamWatch({
      client: this.#client,
      address: config.baseUrl,
      health: config.health,
      headers: () => this.#authorization(),
      random,
      onFound: ({ flavour, models }) => {
        this.#flavour = flavour;
        this.#known = new Map(models.map((model) => [model.id, model]));
        this.#models = [...this.#known.keys()];
      },
      onHealth: (failure) => {
        if (failure === undefined) this.#setState({ kind: 'ready' });
        else this.#setState({ kind: 'unavailable', code: failure.code, message: failure.message });
      },
    });
  }

  get state(): BackendState {
    return this.#state;
  }

  get models(): readonly string[] {
    return this.#models;
  }

  get model(): GatewayModel | undefined {
    const id = this.#options.config.model ?? this.#models[0];
    return id === undefined ? undefined : (this.describe(id) ?? { id, name: id });
  }

  describe(id: string): GatewayModel | undefined {
    const known = this.#known.get(id);
    if (known === undefined) return undefined;
    const { ownedBy, ...card } = known;
    return { ...card, name: id, ...(ownedBy === undefined ? {} : { ownedBy }) };
  }

  /** Nobody tells of a model's version; that of another server is another one. */
  digestOf(model: string | undefined): string {
    return `${this.#options.config.baseUrl} ${model ?? this.model?.id ?? ''}`;
  }

  async chat(call: BackendCall<ChatGeneration>): Promise<BackendAnswer> {
    const limit = limitUnder(this.#options.config.maxTokensField, call.request.fields);
    return this.#ask('chat/completions', { messages: call.request.messages, ...limit }, call);
  }

  async complete(call: BackendCall<TextGeneration>): Promise<BackendAnswer> {
    return this.#ask('completions', { prompt: call.request.prompt }, call);
  }

  async embed(call: BackendCall<EmbeddingGeneration>): Promise<BackendAnswer> {
    return this.#ask('embeddings', { input: call.request.input }, call);
  }

  async countTokens(text: string, signal: AbortSignal): Promise<number | undefined> {
    const model = this.model?.id;
    if (this.#client === undefined || model === undefined) return undefined;
    return countAtUpstream(this.#client, this.#flavour, model, text, this.#authorization(), signal);
  }

  load(): Promise<void> {
    return Promise.reject(this.#notHere('loaded'));
  }

  unload(): Promise<void> {
    return Promise.reject(this.#notHere('unloaded'));
  }

  async dispose(): Promise<void> {
    this.#watch?.dispose();
    await this.#client?.destroy();
  }

  get #address(): string {
    return this.#options.config.baseUrl;
  }

  async #ask(path: string, own: JsonObject, call: BackendCall): Promise<BackendAnswer> {
    const { request, signal } = call;
    const model = request.model ?? this.#options.config.model ?? this.#models[0];
    if (model === undefined) {
      throw new GatewayError('model_not_found', `The model server at ${this.#address} lists no model.`, {
        param: 'model',
        hint: 'Name one in the request or in the configuration.',
      });
    }
    const stream = path === 'embeddings' ? {} : { stream: request.stream };
    const body = JSON.stringify({ ...request.fields, ...own, model, ...stream });
    const exchange = this.#send(path, body, call);
    const { headers, status } = await exchange.head.catch((error: unknown) => {
      signal.throwIfAborted();
      throw this.#unreached(error);
    });
    if (status >= 300) {
      const text = await readStart(exchange, MAX_ERROR_BYTES);
      signal.throwIfAborted();
      throw upstreamStatus(this.#address, status, text, headers);
    }
    this.#setState({ kind: 'ready' });
    return readAnswer(headers, {
      exchange,
      signal,
      address: this.#address,
      limits: this.#options.config.limits,
      onFailure: (error) => call.onFailure?.(error),
      onFirstToken: () => call.onFirstToken?.(),
    });
  }

  #send(path: string, body: string, call: BackendCall): UpstreamExchange {
    // What made it impossible stands in the state.
    if (this.#client === undefined) throw this.#misconfigured(undefined);
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      'accept-encoding': 'identity',
      'x-request-id': call.requestId,
      ...this.#authorization(),
    };
    if (call.trace !== undefined) {
      headers.traceparent = call.trace.traceparent;
      if (call.trace.tracestate !== undefined) headers.tracestate = call.trace.tracestate;
    }
    return this.#client.send('POST', path, headers, body, call.signal);
  }

  #authorization(): Record<string, string> {
    const name = this.#options.config.apiKeySecret;
    const key = name === undefined ? undefined : this.#options.secret(name);
    return key === undefined ? {} : { authorization: `Bearer ${key}` };
  }

  /** What kept a request from the upstream; nobody has to wait for the next look to hear that it is away. */
  #unreached(error: unknown): GatewayError {
    const failure = toUpstreamError(error, this.#address, false);
    if ((failure.cause as NodeJS.ErrnoException | undefined)?.code === 'ECONNREFUSED') {
      this.#setState({ kind: 'unavailable', code: failure.code, message: failure.message });
      this.#watch?.hurry();
    }
    return failure;
  }

  #misconfigured(error: unknown): GatewayError {
    if (this.#state.kind === 'unavailable') {
      const verdict = { retry: 'elsewhere', isBackendsFault: false } as const;
      return new BackendFailure(this.#state.code, this.#state.message, verdict);
    }
    const { caFile } = this.#options.config.tls;
    const isFile = (error as NodeJS.ErrnoException | undefined)?.syscall !== undefined;
    if (!isFile) return toUpstreamError(error, this.#address, false);
    return new GatewayError('upstream_refused', `The certificates of ${caFile} cannot be read.`, {
      cause: error,
    });
  }

  #notHere(what: string): GatewayError {
    return new GatewayError('unsupported', `The models of ${this.name} cannot be ${what} from here.`);
  }

  #setState(state: BackendState): void {
    const changed = this.#state.kind !== state.kind;
    this.#state = state;
    if (changed) this.#options.onState();
  }
}

/** The limit of the answer under the one name that the server takes; the other one is left out of the body. */
function limitUnder(
  name: OpenAiBackendConfig['maxTokensField'],
  { max_completion_tokens: newer, max_tokens: older }: Readonly<JsonObject>,
): JsonObject {
  const limit = newer ?? older ?? undefined;
  if (name === 'as_sent' || limit === undefined) return {};
  const other = name === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens';
  return { [name]: limit, [other]: undefined };
}
