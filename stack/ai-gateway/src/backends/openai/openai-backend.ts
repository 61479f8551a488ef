import type { GatewayModel } from '@skilldeck/agent-skills';
import { z } from 'zod';
import type { OpenAiBackendConfig } from '../../config/config-schema.ts';
import { GatewayError } from '../../gateway-error.ts';
import { isJsonObject, type JsonObject } from '../../json.ts';
import type {
  ChatGeneration,
  EmbeddingGeneration,
  TextGeneration,
} from '../../pipeline/generation-request.ts';
import { withRawText } from '../../raw-text.ts';
import type { Backend, BackendAnswer, BackendCall, BackendState } from '../backend.ts';
import { EventReader } from './read-events.ts';
import { UpstreamClient } from './upstream-client.ts';
import { toUpstreamError, upstreamCut, upstreamNotJson, upstreamStatus } from './upstream-errors.ts';
import { readAll, readStart, type UpstreamExchange, type UpstreamHead } from './upstream-exchange.ts';

export interface OpenAiBackendOptions {
  readonly config: OpenAiBackendConfig;
  readonly timeouts: { readonly connectMs: number; readonly firstByteMs: number; readonly idleMs: number };
  readonly secret: (name: string) => string | undefined;
  readonly onState: () => void;
}

const PROBE_READY_MS = 30_000;
const PROBE_UNAVAILABLE_MS = 3000;
const PROBE_TIMEOUT_MS = 5000;
const MAX_BODY_BYTES = 64 * 1024 * 1024;
const MAX_LIST_BYTES = 16 * 1024 * 1024;
/** Of one event: an image in base64 still fits. */
const MAX_EVENT_BYTES = 8 * 1024 * 1024;
const MAX_ERROR_BYTES = 64 * 1024;

const ModelListSchema = z.looseObject({ data: z.array(z.looseObject({ id: z.string() })) });

/** Any server that speaks the OpenAI wire format: Ollama, vLLM, llama-server, LM Studio, a cloud. */
export class OpenAiBackend implements Backend {
  readonly kind = 'openai';
  readonly name: string;
  readonly takesAnyModel = true;
  readonly concurrency: number;
  readonly #options: OpenAiBackendOptions;
  readonly #client: UpstreamClient;
  readonly #disposed = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #state: BackendState;
  #models: readonly string[] = [];

  constructor(options: OpenAiBackendOptions) {
    this.#options = options;
    this.name = options.config.name;
    this.concurrency = options.config.maxConcurrent ?? Number.POSITIVE_INFINITY;
    this.#state = { kind: 'loading', message: `Asking ${this.#address} which models it has.` };
    this.#client = new UpstreamClient({ baseUrl: this.#address, timeouts: options.timeouts });
    void this.#probe();
  }

  get state(): BackendState {
    return this.#state;
  }

  get models(): readonly string[] {
    return this.#models;
  }

  get model(): GatewayModel | undefined {
    const id = this.#options.config.model ?? this.#models[0];
    return id === undefined ? undefined : { id, name: id };
  }

  get #address(): string {
    return this.#options.config.baseUrl;
  }

  digestOf(): undefined {}

  async chat(call: BackendCall<ChatGeneration>): Promise<BackendAnswer> {
    return this.#ask('chat/completions', { messages: call.request.messages }, call);
  }

  async complete(call: BackendCall<TextGeneration>): Promise<BackendAnswer> {
    return this.#ask('completions', { prompt: call.request.prompt }, call);
  }

  async embed(call: BackendCall<EmbeddingGeneration>): Promise<BackendAnswer> {
    return this.#ask('embeddings', { input: call.request.input }, call);
  }

  async countTokens(): Promise<undefined> {}

  load(): Promise<void> {
    return Promise.reject(this.#notHere('loaded'));
  }

  unload(): Promise<void> {
    return Promise.reject(this.#notHere('unloaded'));
  }

  #notHere(what: string): GatewayError {
    return new GatewayError('unsupported', `The models of ${this.name} cannot be ${what} from here.`);
  }

  async #ask(path: string, own: JsonObject, call: BackendCall): Promise<BackendAnswer> {
    const { fields, stream } = call.request;
    const model = call.request.model ?? this.model?.id;
    if (model === undefined) {
      throw new GatewayError('model_not_found', `The model server at ${this.#address} lists no model.`, {
        param: 'model',
        hint: 'Name one in the request or in the configuration.',
      });
    }
    const body = JSON.stringify({ ...fields, ...own, model, ...(path === 'embeddings' ? {} : { stream }) });
    const { exchange, head } = await this.#send(path, body, call);
    try {
      if (head.status >= 300)
        throw upstreamStatus(this.#address, head.status, await readStart(exchange, MAX_ERROR_BYTES));
      this.#setState({ kind: 'ready' });
      const type = head.headers['content-type'] ?? '';
      if (type.includes('text/event-stream'))
        return { kind: 'stream', chunks: this.#chunks(exchange, call.signal) };
      return { kind: 'whole', body: this.#parse((await readAll(exchange, MAX_BODY_BYTES)).toString('utf8')) };
    } catch (error) {
      exchange.close();
      call.signal.throwIfAborted();
      throw this.#noteFailure(error, true);
    }
  }

  async dispose(): Promise<void> {
    this.#disposed.abort();
    clearTimeout(this.#timer);
    await this.#client.destroy();
  }

  async #send(
    path: string,
    body: string,
    call: BackendCall,
  ): Promise<{ exchange: UpstreamExchange; head: UpstreamHead }> {
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      'x-request-id': call.requestId,
      ...this.#authorization(),
    };
    if (call.traceparent !== undefined) headers.traceparent = call.traceparent;
    for (let isFirst = true; ; isFirst = false) {
      const exchange = this.#client.send('POST', path, headers, body, call.signal);
      try {
        return { exchange, head: await exchange.head };
      } catch (error) {
        call.signal.throwIfAborted();
        // A kept-alive connection that the server closed meanwhile fails at once; nothing has been answered yet.
        const { code } = error as NodeJS.ErrnoException;
        const isStale = code === 'UND_ERR_SOCKET' || code === 'ECONNRESET';
        if (!isFirst || !isStale) throw this.#noteFailure(error, false);
      }
    }
  }

  async *#chunks(exchange: UpstreamExchange, signal: AbortSignal): AsyncGenerator<JsonObject> {
    const events = new EventReader(exchange, MAX_EVENT_BYTES);
    let isFinished = false;
    try {
      reading: for (;;) {
        const read = await events.next();
        if (read === undefined) break;
        for (const data of read) {
          if (data === '[DONE]') {
            isFinished = true;
            break reading;
          }
          const chunk = this.#parse(data);
          if (chunk.error !== undefined && chunk.error !== null)
            throw upstreamStatus(this.#address, 502, data);
          if (hasFinished(chunk)) isFinished = true;
          yield data.includes('\n') ? chunk : withRawText(chunk, data);
        }
      }
    } catch (error) {
      signal.throwIfAborted();
      throw this.#noteFailure(error, true);
    } finally {
      if (isFinished) exchange.release();
      else exchange.close();
    }
    // A server that simply hangs up would otherwise pass for a complete answer.
    if (!isFinished) throw upstreamCut(this.#address);
  }

  #parse(text: string): JsonObject {
    const parsed = parseObject(text);
    if (parsed === undefined) throw upstreamNotJson(this.#address, text);
    return parsed;
  }

  #authorization(): Record<string, string> {
    const name = this.#options.config.apiKeySecret;
    const key = name === undefined ? undefined : this.#options.secret(name);
    return key === undefined ? {} : { authorization: `Bearer ${key}` };
  }

  #noteFailure(error: unknown, hasBegun: boolean): GatewayError {
    const failure = toUpstreamError(error, this.#address, hasBegun);
    if ((failure.cause as NodeJS.ErrnoException | undefined)?.code === 'ECONNREFUSED') {
      this.#setState({ kind: 'unavailable', code: failure.code, message: failure.message });
      this.#schedule();
    }
    return failure;
  }

  async #probe(): Promise<void> {
    try {
      const signal = AbortSignal.any([this.#disposed.signal, AbortSignal.timeout(PROBE_TIMEOUT_MS)]);
      const exchange = this.#client.send('GET', 'models', this.#authorization(), undefined, signal);
      const { status } = await exchange.head;
      const text = (await readAll(exchange, MAX_LIST_BYTES)).toString('utf8');
      if (status === 401 || status === 403) throw upstreamStatus(this.#address, status, text);
      const list = ModelListSchema.safeParse(parseObject(text));
      if (list.success) this.#models = list.data.data.map(({ id }) => id);
      this.#setState({ kind: 'ready' });
    } catch (error) {
      if (this.#disposed.signal.aborted) return;
      const timedOut = error instanceof Error && error.name === 'TimeoutError';
      const failure = timedOut
        ? new GatewayError(
            'upstream_timeout',
            `The model server at ${this.#address} did not say which models it has in time.`,
          )
        : toUpstreamError(error, this.#address, false);
      this.#setState({ kind: 'unavailable', code: failure.code, message: failure.message });
    }
    this.#schedule();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#disposed.signal.aborted) return;
    this.#timer = setTimeout(
      () => void this.#probe(),
      this.#state.kind === 'ready' ? PROBE_READY_MS : PROBE_UNAVAILABLE_MS,
    );
    this.#timer.unref();
  }

  #setState(state: BackendState): void {
    const changed = this.#state.kind !== state.kind;
    this.#state = state;
    if (changed) this.#options.onState();
  }
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    // Not JSON at all; the caller has the sentence for it.
    return undefined;
  }
}

function hasFinished(chunk: JsonObject): boolean {
  return (
    Array.isArray(chunk.choices) &&
    chunk.choices.some((choice: unknown) => {
      return (
        typeof choice === 'object' &&
        choice !== null &&
        'finish_reason' in choice &&
        choice.finish_reason !== null
      );
    })
  );
}
